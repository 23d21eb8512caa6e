"""A linear program of arrays, solved whole: `python -m benchmarks.rivals.whole_programs NAME FILE`.

NAME is highs-simplex, highs-simplex-plain (without presolve), highs-ipm, glop, pdlp or linopy.
Prints how it ended and its value, then what building and solving took. It runs in an environment
that has the solver and none of Bioloom.
"""

import sys
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.measuring import in_a_process, tell

Arrays = dict[str, Any]
Ended = tuple[str, float]


def main(name: str, file: Path, limit_s: float) -> None:
    with np.load(file) as arrays:
        program = dict(arrays)
    solve = {"glop": by_or_tools, "pdlp": by_or_tools, "linopy": by_linopy}.get(name, by_highs)

    def work() -> None:
        status, value = solve(name, program, limit_s)
        print(status, value, flush=True)

    tell(in_a_process(lambda: work))


def by_highs(name: str, program: Arrays, limit_s: float) -> Ended:
    highspy = import_module("highspy")
    highs = highspy.Highs()
    highs.setOptionValue("output_flag", False)
    highs.setOptionValue("threads", 1)
    highs.setOptionValue("time_limit", limit_s)
    highs.setOptionValue("solver", "ipm" if name == "highs-ipm" else "simplex")
    highs.setOptionValue("presolve", "off" if name.endswith("plain") else "choose")
    columns, rows = len(program["cost"]), len(program["upper"])
    highs.passModel(
        columns,
        rows,
        len(program["value"]),
        int(highspy.MatrixFormat.kColwise),
        int(highspy.ObjSense.kMinimize),
        0.0,
        program["cost"],
        np.zeros(columns),
        np.full(columns, np.inf),
        program["lower"],
        program["upper"],
        program["start"][:-1],
        program["row"],
        program["value"],
        np.zeros(columns, dtype=np.int32),
    )
    highs.run()
    ended = highs.modelStatusToString(highs.getModelStatus())
    return ended.replace(" ", "-"), highs.getInfo().objective_function_value


def by_or_tools(name: str, program: Arrays, limit_s: float) -> Ended:
    sparse = import_module("scipy.sparse")
    helper = import_module("ortools.linear_solver.python.model_builder_helper")
    shape = len(program["upper"]), len(program["cost"])
    matrix = sparse.csc_array((program["value"], program["row"], program["start"]), shape=shape)
    model = helper.ModelBuilderHelper()
    columns = shape[1]
    model.fill_model_from_sparse_data(
        np.zeros(columns),
        np.full(columns, np.inf),
        program["cost"],
        program["lower"],
        program["upper"],
        sparse.csr_matrix(matrix),
    )
    solver = helper.ModelSolverHelper(name)
    solver.set_time_limit_in_seconds(limit_s)
    if name == "pdlp":
        # As exact as the certificate that it stands beside.
        solver.set_solver_specific_parameters(
            "termination_criteria { simple_optimality_criteria "
            "{ eps_optimal_absolute: 1e-6 eps_optimal_relative: 1e-6 } } num_threads: 1"
        )
    solver.solve(model)
    return str(solver.status()).rpartition(".")[2], float(solver.objective_value())


def by_linopy(name: str, program: Arrays, limit_s: float) -> Ended:  # noqa: ARG001
    linopy, xarray = import_module("linopy"), import_module("xarray")
    columns = np.repeat(np.arange(len(program["cost"])), np.diff(program["start"]))
    entries = xarray.DataArray(columns, dims="entry")
    values = xarray.DataArray(program["value"], dims="entry")
    row = xarray.DataArray(program["row"], dims="entry", name="row")
    model = linopy.Model()
    flow = model.add_variables(lower=0, coords=[np.arange(len(program["cost"]))], dims=["arc"])
    used = (flow.sel(arc=entries) * values).groupby(row).sum()
    for bound, sign in (("lower", ">="), ("upper", "<=")):
        kept = np.intersect1d(np.flatnonzero(np.isfinite(program[bound])), program["row"])
        limit = xarray.DataArray(program[bound][kept], dims="row", coords={"row": kept})
        model.add_constraints(used.sel(row=kept), sign, limit)
    model.add_objective((flow * xarray.DataArray(program["cost"], dims="arc")).sum())
    options = {"threads": 1, "time_limit": limit_s, "solver": "ipm", "output_flag": False}
    status, ended = model.solve("highs", io_api="direct", **options)
    return f"{status}-{ended}".replace(" ", "-"), float(model.objective.value or np.nan)


if __name__ == "__main__":
    solvers: Callable[[str, Path, float], None] = main
    solvers(sys.argv[1], Path(sys.argv[2]), float(sys.argv[3]))
