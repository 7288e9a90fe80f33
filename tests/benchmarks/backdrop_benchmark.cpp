/// Some steps of the backdrop selection on a 12-megapixel product, one thread each, and its
/// kernels.

#include <benchmark/benchmark.h>

#include <cstddef>

#include "backdrop/chessboard.hpp"
#include "backdrop/evidence.hpp"
#include "backdrop/halving.hpp"
#include "backdrop/light_difference.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/random_walker.hpp"
#include "backdrop/ridges.hpp"
#include "backdrop/strangeness.hpp"
#include "backdrop/work_copy.hpp"
#include "benchmark_inputs.hpp"
#include "editprep/imaging/object_selection.hpp"
#include "repeat.hpp"

namespace editprep::benchmarks {
namespace {

using benchmark::State;
using imaging::Plane;

/// What each step leaves to the next.
struct Steps {
    imaging::WorkCopy copy = imaging::make_work_copy(product(), 1);
    imaging::LightFit fit = imaging::fit_light(copy);
    imaging::Evidence evidence = imaging::weigh_evidence(product(), copy, fit, {}, 1);
    /// The cells' differences from the light.
    imaging::OpponentPlanes calm = imaging::differences(copy, fit.light);
};

const Steps& steps() {
    static const Steps steps;
    return steps;
}

void copy_planes(State& state, std::size_t planes) {
    copy_bytes(state, planes * sizeof(float) * steps().copy.mean[0].count());
}

void register_steps() {
    benchmark::RegisterBenchmark("backdrop/memcpy 3 channels", [](State& state) {
        copy_bytes(state, static_cast<std::size_t>(kSize.area()) * 3);
    });
    benchmark::RegisterBenchmark("backdrop/small copy", [](State& state) {
        repeat(state, [] { return imaging::make_work_copy(product(), 1); });
    });
    benchmark::RegisterBenchmark("backdrop/light", [](State& state) {
        repeat(state, [] { return imaging::fit_light(steps().copy); });
    });
    benchmark::RegisterBenchmark("backdrop/evidence", [](State& state) {
        const Steps& known = steps();
        repeat(state,
               [&] { return imaging::weigh_evidence(product(), known.copy, known.fit, {}, 1); });
    });
    benchmark::RegisterBenchmark("backdrop/random walker", [](State& state) {
        repeat(state, [] { return imaging::solve(steps().evidence.field); });
    });
    benchmark::RegisterBenchmark("backdrop/all, with the matte", [](State& state) {
        imaging::SelectionOptions options;
        options.mode = imaging::SelectionMode::backdrop;
        options.threads = 1;
        repeat(state, [&] { return imaging::select_object(product(), options); });
    });
}

void measure_all_cells(imaging::StrangenessRow& row) {
    const Steps& known = steps();
    const imaging::Planes& mean = known.copy.mean;
    const imaging::Planes& light = known.fit.light;
    const imaging::OpponentPlanes& calm = known.calm;
    for (int y = 0; y < mean[0].height(); ++y) {
        const imaging::CellRow cells{static_cast<std::size_t>(mean[0].width()),
                                     {calm.luma.row(y), calm.red_blue.row(y), calm.green.row(y)},
                                     {mean[0].row(y), mean[1].row(y), mean[2].row(y)},
                                     {light[0].row(y), light[1].row(y), light[2].row(y)},
                                     known.fit.doubt.row(y)};
        imaging::measure_strangeness(cells, known.evidence.noise, row);
        benchmark::ClobberMemory();
    }
}

void register_kernels() {
    benchmark::RegisterBenchmark("strangeness/memcpy 10 planes",
                                 [](State& state) { copy_planes(state, 10); });
    benchmark::RegisterBenchmark("strangeness/editprep", [](State& state) {
        imaging::StrangenessRow row(static_cast<std::size_t>(steps().copy.size().width));
        repeat(state, [&] {
            measure_all_cells(row);
            return row.depth.data();
        });
    });
    benchmark::RegisterBenchmark("ridges/memcpy 3 planes",
                                 [](State& state) { copy_planes(state, 3); });
    benchmark::RegisterBenchmark("ridges/editprep", [](State& state) {
        repeat(state, [] { return imaging::measure_ridges(steps().copy.mean, 2); });
    });
    benchmark::RegisterBenchmark("halve/memcpy 1 plane",
                                 [](State& state) { copy_planes(state, 1); });
    benchmark::RegisterBenchmark("halve/editprep", [](State& state) {
        repeat(state, [] { return imaging::halve(steps().copy.mean[0]); });
    });
    benchmark::RegisterBenchmark("relax once/memcpy 5 planes",
                                 [](State& state) { copy_planes(state, 5); });
    benchmark::RegisterBenchmark("relax once/editprep", [](State& state) {
        const imaging::WalkerField& field = steps().evidence.field;
        imaging::Chessboard board(field, Plane(field.object.size(), 0.5F));
        repeat(state, [&] {
            board.relax(1);
            return &board;
        });
    });
}

}  // namespace

void register_backdrop_benchmarks() {
    register_steps();
    register_kernels();
}

}  // namespace editprep::benchmarks
