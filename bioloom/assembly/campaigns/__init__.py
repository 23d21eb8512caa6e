"""Campaigns: tasks that people take on together, and what each achieved.

Reads and writes CampaignStarted, TaskOffered, TaskTaken and TaskDone.
"""
