#include "backdrop/edge_matte.hpp"

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <cstring>
#include <functional>
#include <utility>
#include <vector>

#include "backdrop/cell_filters.hpp"
#include "backdrop/matte_band.hpp"
#include "backdrop/matte_colours.hpp"
#include "backdrop/matte_lattice.hpp"
#include "backdrop/matte_rows.hpp"
#include "backdrop/matte_specks.hpp"
#include "backdrop/mixing.hpp"
#include "backdrop/row_sweep.hpp"

namespace editprep::imaging {
namespace {

/// Pixels that a block of samples is wide, a multiple of the scale: enough of them for a mean, few
/// enough to be local.
int block_side(int scale) {
    constexpr int kFewest = 4;
    return (kFewest + scale - 1) / scale * scale;
}

/// Buffers of one thread, as long as a row.
struct RowScratch {
    explicit RowScratch(int width) {
        for (CellVector<float>& row : nodes) {
            row.resize(static_cast<std::size_t>(width) + 1);
        }
        for (auto* planes : {&difference, &contrast, &backdrop}) {
            for (CellVector<float>& plane : *planes) {
                plane.resize(static_cast<std::size_t>(width + Lattice::kStep));
            }
        }
        for (CellVector<float>* plane : {&object_weight, &backdrop_weight}) {
            plane->resize(static_cast<std::size_t>(width));
        }
        sums.resize(static_cast<std::size_t>(width) + 8);
    }

    Lattice::Rows nodes;
    Lattice::Rows difference;
    Lattice::Rows contrast;
    Lattice::Rows backdrop;
    CellVector<float> object_weight;
    CellVector<float> backdrop_weight;
    CellVector<int> sums;
};

/// Sums over the pixels of a block that are certain.
struct Samples {
    explicit Samples(Size size) : weight(size), colour{Plane(size), Plane(size), Plane(size)} {}

    Plane weight;
    Planes colour;
};

/// Calls `add` with the places around (x, y) and their weights, a quarter to 1.
template <typename Add>
void visit_around(Size size, int x, int y, const Add& add) {
    for (int j = std::max(0, y - 1); j <= std::min(size.height - 1, y + 1); ++j) {
        for (int i = std::max(0, x - 1); i <= std::min(size.width - 1, x + 1); ++i) {
            add(i, j, (i == x ? 1.0F : 0.5F) * (j == y ? 1.0F : 0.5F));
        }
    }
}

struct Sample {
    float weight = 0;
    std::array<float, 3> colour{};
};

Sample sum_around(const Samples& samples, int x, int y) {
    Sample sum;
    visit_around(samples.weight.size(), x, y, [&](int i, int j, float share) {
        sum.weight += share * samples.weight.at(i, j);
        for (std::size_t channel = 0; channel < 3; ++channel) {
            sum.colour[channel] += share * samples.colour[channel].at(i, j);
        }
    });
    return sum;
}

float sum_around(const Plane& values, int x, int y) {
    float sum = 0;
    visit_around(values.size(), x, y,
                 [&](int i, int j, float share) { sum += share * values.at(i, j); });
    return sum;
}

/// Sides of the areas, in blocks, in which the pixels that stand out most are looked for.
constexpr int kStandoutBlocks = 3;
/// Pixels that the colours spread from decided cells count as against the local samples.
constexpr float kTrust = 1;
/// Share of an area that cells of the object must cover for their colour to count alone.
constexpr float kEnoughObject = 0.3F;

/// How much more than a square root the curve between light and sRGB values bends.
constexpr float kCameraCurve = 1.15F;

/// Whether the farthest colour seen in a place, `seen`, is a colour of its own (1) or a part of the
/// object's colour elsewhere, `spread`, shining through thin coverage (0). Both are differences
/// from the backdrop in units of noise.
float is_own_colour(const std::array<float, 3>& seen, const std::array<float, 3>& spread) {
    float along = 0;
    float seen_size = 0;
    float spread_size = 0;
    for (std::size_t channel = 0; channel < 3; ++channel) {
        along += seen[channel] * spread[channel];
        seen_size += seen[channel] * seen[channel];
        spread_size += spread[channel] * spread[channel];
    }
    const float share = along / std::max(1.0F, spread_size);
    const float beside = std::max(0.0F, seen_size - along * share) / std::max(1.0F, seen_size);
    // A sine of 0.15 to 0.3: more than noise and shading turn a colour.
    const float turned = std::clamp((beside - 0.0225F) / 0.0675F, 0.0F, 1.0F);
    const float faint = std::clamp((0.9F - share) / 0.2F, 0.0F, 1.0F);
    const float beyond = share >= 1 ? 1.0F : 0.0F;
    return std::max({turned, faint, beyond});
}

class Matting {
public:
    Matting(const Image& picture, const WorkCopy& copy, const CellLabels& labels,
            const BackdropModel& backdrop, int threads)
        : picture_(picture),
          copy_(copy),
          labels_(labels),
          model_(backdrop),
          band_(copy, labels),
          colours_(local_colours(copy, labels, backdrop)),
          blocks_(copy.full, block_side(copy.scale)),
          sampled_(groups_near_undecided(labels, blocks_.pitch() / copy.scale, 2)),
          settled_(groups_near_undecided(labels, blocks_.pitch() / copy.scale, 1)),
          object_(blocks_.nodes()),
          backdrop_(blocks_.nodes()),
          bend_(blocks_.nodes()),
          mixing_(static_cast<std::size_t>(blocks_.nodes().height)),
          around_(band_.pixels()),
          mask_(picture.size()) {
        for (std::size_t channel = 0; channel < 3; ++channel) {
            per_noise_[channel] = 1 / std::max(kLeastNoise, backdrop.pixel_noise[channel]);
            object_line_[channel] = Plane(blocks_.nodes());
            backdrop_line_[channel] = Plane(blocks_.nodes());
        }
        const int bands = blocks_.nodes().height;
        for (int thread = 0; thread < std::clamp(threads, 1, bands); ++thread) {
            scratch_.emplace_back(picture.width());
        }
    }

    Mask solve() {
        using Stage = void (Matting::*)(RowScratch&, int);
        // Every stage needs of the one before no more than the neighbouring rows of blocks, and
        // writes over nothing that is still to be read: who would read it came two stages earlier.
        constexpr std::array<Stage, 8> kStages{
            &Matting::guess,  &Matting::sample, &Matting::settle,  &Matting::project,
            &Matting::sample, &Matting::settle, &Matting::project, &Matting::look_at_mixing};
        find_standouts();
        sweep_rows(blocks_.nodes().height, static_cast<int>(kStages.size()), threads(),
                   [this, &kStages](int thread, int stage, int row) {
                       (this->*kStages[static_cast<std::size_t>(stage)])(scratch(thread), row);
                   });
        bend();
        clear_specks({picture_, copy_, labels_, model_, band_}, mask_);
        return std::move(mask_);
    }

private:
    [[nodiscard]] int threads() const noexcept { return static_cast<int>(scratch_.size()); }
    [[nodiscard]] RowScratch& scratch(int thread) {
        return scratch_[static_cast<std::size_t>(thread)];
    }

    /// Every row is worked on by one thread; which one does not matter to the result.
    void for_each(int rows, const std::function<void(RowScratch&, int)>& work) {
        sweep_rows(rows, 1, threads(),
                   [&](int thread, int /*stage*/, int row) { work(scratch(thread), row); });
    }

    /// The first row of pixels of a row of blocks, and the first behind it.
    [[nodiscard]] int top_of(int row) const noexcept { return row * blocks_.pitch(); }
    [[nodiscard]] int bottom_of(int row) const noexcept {
        return std::min(picture_.height(), top_of(row + 1));
    }

    /// What is decided of a row of blocks, and anything where nothing is.
    void write_decided(int row) {
        const auto width = static_cast<std::size_t>(picture_.width());
        for (int y = top_of(row); y < bottom_of(row); y += copy_.scale) {
            write_decided(labels_.row(y / copy_.scale), mask_.row(y));
            for (int below = y + 1; below < std::min(y + copy_.scale, bottom_of(row)); ++below) {
                std::memcpy(mask_.row(below), mask_.row(y), width);
            }
        }
    }

    void write_decided(const Label* labels, std::uint8_t* line) const {
        const Label* const end = labels + labels_.width();
        int left = 0;
        for (const Label* cell = labels; cell != end;) {
            const Label label = *cell;
            cell = std::find_if(cell, end, [label](Label other) { return other != label; });
            const int right =
                std::min(static_cast<int>(cell - labels) * copy_.scale, picture_.width());
            std::fill(line + left, line + right,
                      label == Label::object ? std::uint8_t{255} : std::uint8_t{0});
            left = right;
        }
    }

    /// The run's pixels minus the backdrop around.
    void read_difference(RowScratch& scratch, int y, const BandRun& run) const {
        colours_.lattice.read(colours_.backdrop, y, run.left, run.right, scratch.nodes,
                              scratch.difference);
        subtract_from_pixels(picture_.row(y) + std::ptrdiff_t{3} * run.left,
                             scratch.difference[0].data(), scratch.difference[1].data(),
                             scratch.difference[2].data(), run.right - run.left);
    }

    void guess(RowScratch& scratch, int row) {
        write_decided(row);
        for (int y = top_of(row); y < bottom_of(row); ++y) {
            guess_pixels(scratch, y);
        }
    }

    void guess_pixels(RowScratch& scratch, int y) {
        for (const BandRun& run : band_.runs(y)) {
            read_difference(scratch, y, run);
            colours_.lattice.read(colours_.contrast, y, run.left, run.right, scratch.nodes,
                                  scratch.contrast);
            guess_row(scratch.difference[0].data(), scratch.difference[1].data(),
                      scratch.difference[2].data(), scratch.contrast[0].data(),
                      scratch.contrast[1].data(), scratch.contrast[2].data(),
                      band_.undecided(y) + run.left, mask_.row(y) + run.left, run.right - run.left,
                      per_noise_[0], per_noise_[1], per_noise_[2]);
        }
    }

    /// Sums of the pixels that stand out in the areas of one row that are `wanted`.
    void sum_standouts(RowScratch& scratch, int row, int side, const Grid<std::uint8_t>& wanted,
                       Samples& standouts) const {
        const std::uint8_t* is_wanted = wanted.row(row);
        const int bottom = std::min(picture_.height(), (row + 1) * side);
        for (int y = row * side; y < bottom; ++y) {
            for (const BandRun& run : band_.runs(y)) {
                for (int left = run.left; left < run.right;) {
                    const int first = left / side;
                    int area = first;
                    while (area * side < run.right && is_wanted[area] == is_wanted[first]) {
                        ++area;
                    }
                    const BandRun part{left, std::min(run.right, area * side)};
                    if (is_wanted[first] != 0) {
                        add_standouts(scratch, y, part, side, standouts);
                    }
                    left = part.right;
                }
            }
        }
    }

    void add_standouts(RowScratch& scratch, int y, const BandRun& run, int side,
                       Samples& standouts) const {
        read_difference(scratch, y, run);
        standout_row(scratch.difference[0].data(), scratch.difference[1].data(),
                     scratch.difference[2].data(), band_.undecided(y) + run.left,
                     scratch.object_weight.data(), run.right - run.left, per_noise_[0],
                     per_noise_[1], per_noise_[2]);
        add_samples(scratch, scratch.object_weight, run, side, y / side, standouts);
    }

    /// How far areas near undecided cells are from cells of the object, 0 to 1.
    [[nodiscard]] Plane loneliness(Size areas, int cells) const {
        Plane objects(areas);
        for (int y = 0; y < labels_.height(); ++y) {
            const Label* labels = labels_.row(y);
            for (int area = 0; area < areas.width; ++area) {
                const int end = std::min(labels_.width(), (area + 1) * cells);
                objects.at(area, y / cells) += static_cast<float>(
                    std::count(labels + area * cells, labels + end, Label::object));
            }
        }
        const Grid<std::uint8_t> near = groups_near_undecided(labels_, cells, 1);
        const float enough = kEnoughObject * static_cast<float>(cells * cells);
        Plane lonely(areas);
        for (int row = 0; row < areas.height; ++row) {
            for (int x = 0; x < areas.width; ++x) {
                if (near.at(x, row) != 0) {
                    lonely.at(x, row) =
                        std::clamp(1 - sum_around(objects, x, row) / enough, 0.0F, 1.0F);
                }
            }
        }
        return lonely;
    }

    /// The object's colour where no cell of it is near, as along wires: that of the pixels that
    /// stand out most from the backdrop.
    void find_standouts() {
        const int side = kStandoutBlocks * blocks_.pitch();
        const Lattice areas(copy_.full, side);
        const Size size = areas.nodes();
        Plane trust = loneliness(size, side / copy_.scale);
        Grid<std::uint8_t> is_lonely(size);
        for (std::size_t i = 0; i < trust.count(); ++i) {
            is_lonely[i] = trust[i] > 0 ? 1 : 0;
        }
        // Colours are read between lonely areas and their neighbours, and found in the areas around
        // these.
        const Grid<std::uint8_t> read = united_within(is_lonely, 1);
        const Grid<std::uint8_t> wanted = united_within(is_lonely, 2);
        Samples standouts(size);
        for_each(size.height, [&](RowScratch& scratch, int row) {
            sum_standouts(scratch, row, side, wanted, standouts);
        });

        Planes contrast{Plane(size), Plane(size), Plane(size)};
        for (int row = 0; row < size.height; ++row) {
            for (int x = 0; x < size.width; ++x) {
                if (read.at(x, row) == 0) {
                    continue;
                }
                const Sample found = sum_around(standouts, x, row);
                float distance = 0;
                for (std::size_t channel = 0; channel < 3; ++channel) {
                    float& colour = contrast[channel].at(x, row);
                    colour = found.weight > 0 ? found.colour[channel] / found.weight : 0;
                    const float apart = colour * per_noise_[channel];
                    distance += apart * apart;
                }
                // From 4 to 8 times the noise it becomes a colour to build on.
                trust.at(x, row) *= std::clamp((distance - 16.0F) / 48.0F, 0.0F, 1.0F);
            }
        }

        for_each(colours_.lattice.nodes().height,
                 [&](RowScratch&, int row) { mix_standouts(areas, read, contrast, trust, row); });
    }

    /// Lets the colours that stand out take the place of the object's, as far as they are trusted,
    /// in one row of nodes.
    void mix_standouts(const Lattice& areas, const Grid<std::uint8_t>& read, const Planes& contrast,
                       const Plane& trust, int row) {
        const int pitch = colours_.lattice.pitch();
        const int y = std::min(row * pitch + pitch / 2, picture_.height() - 1);
        for (int x = 0; x < colours_.lattice.nodes().width; ++x) {
            const int pixel = std::min(x * pitch + pitch / 2, picture_.width() - 1);
            if (read.at(pixel / areas.pitch(), y / areas.pitch()) == 0) {
                continue;
            }
            const float share = areas.read(trust, pixel, y);
            if (share <= 0) {
                continue;
            }
            std::array<float, 3> seen{};
            std::array<float, 3> spread{};
            for (std::size_t channel = 0; channel < 3; ++channel) {
                seen[channel] = areas.read(contrast[channel], pixel, y) * per_noise_[channel];
                spread[channel] = colours_.contrast[channel].at(x, row) * per_noise_[channel];
            }
            const float own = share * is_own_colour(seen, spread);
            for (std::size_t channel = 0; channel < 3; ++channel) {
                colours_.contrast[channel].at(x, row) +=
                    (seen[channel] - spread[channel]) * own / per_noise_[channel];
            }
        }
    }

    /// Sums of the five rows around y over the run and two columns more on either side.
    void sum_columns(RowScratch& scratch, int y, const BandRun& run) const {
        const int left = std::max(0, run.left - 2);
        const int right = std::min(picture_.width(), run.right + 2);
        int* sums = scratch.sums.data() + (left - (run.left - 2));
        std::fill_n(sums, right - left, 0);
        for (int near = y - 2; near <= y + 2; ++near) {
            add_bytes(mask_.row(std::clamp(near, 0, picture_.height() - 1)) + left, sums,
                      right - left);
        }
        for (int missing = 0; missing < left - (run.left - 2); ++missing) {
            scratch.sums[static_cast<std::size_t>(missing)] = sums[0];
        }
        for (int missing = right; missing < run.right + 2; ++missing) {
            sums[missing - left] = sums[right - left - 1];
        }
    }

    /// Adds the run's differences, so weighted, to areas of `side` pixels.
    static void add_samples(const RowScratch& scratch, const CellVector<float>& weights,
                            const BandRun& run, int side, int row, Samples& samples) {
        for (int area = run.left / side; area * side < run.right; ++area) {
            const int first = std::max(run.left, area * side) - run.left;
            const int end = std::min(run.right, (area + 1) * side) - run.left;
            if (std::all_of(weights.begin() + first, weights.begin() + end,
                            [](float weight) { return weight == 0; })) {
                continue;  // On the other side, as most areas are.
            }
            std::array<float, 4> sums{samples.weight.at(area, row), samples.colour[0].at(area, row),
                                      samples.colour[1].at(area, row),
                                      samples.colour[2].at(area, row)};
            for (int x = first; x < end; ++x) {
                const auto i = static_cast<std::size_t>(x);
                const float weight = weights[i];
                sums[0] += weight;
                sums[1] += weight * scratch.difference[0][i];
                sums[2] += weight * scratch.difference[1][i];
                sums[3] += weight * scratch.difference[2][i];
            }
            samples.weight.at(area, row) = sums[0];
            for (std::size_t channel = 0; channel < 3; ++channel) {
                samples.colour[channel].at(area, row) = sums[channel + 1];
            }
        }
    }

    void sample(RowScratch& scratch, int row) {
        const int pitch = blocks_.pitch();
        for (Samples* samples : {&object_, &backdrop_}) {
            std::fill_n(samples->weight.row(row), blocks_.nodes().width, 0.0F);
            for (Plane& plane : samples->colour) {
                std::fill_n(plane.row(row), blocks_.nodes().width, 0.0F);
            }
        }
        for (int y = top_of(row); y < bottom_of(row); ++y) {
            std::uint8_t* around = around_.data() + band_.pixels_before(y);
            for (const BandRun& run : band_.runs(y)) {
                read_difference(scratch, y, run);
                sum_columns(scratch, y, run);
                weigh_row(scratch.sums.data(), mask_.row(y) + run.left,
                          band_.undecided(y) + run.left, scratch.object_weight.data(),
                          scratch.backdrop_weight.data(), around, run.right - run.left);
                around += run.right - run.left;
                for (auto [samples, weights] : {std::pair{&object_, &scratch.object_weight},
                                                std::pair{&backdrop_, &scratch.backdrop_weight}}) {
                    add_samples(scratch, *weights, run, pitch, row, *samples);
                }
            }
        }
        sample_decided(row);
    }

    /// Adds the decided cells of a row of blocks.
    void sample_decided(int row) {
        const int cells = blocks_.pitch() / copy_.scale;
        const auto pixels = static_cast<float>(copy_.scale * copy_.scale);
        const int bottom = std::min(labels_.height(), (row + 1) * cells);
        const std::uint8_t* is_sampled = sampled_.row(row);
        for (int y = row * cells; y < bottom; ++y) {
            const Label* labels = labels_.row(y);
            for (int block = 0; block < blocks_.nodes().width; ++block) {
                if (is_sampled[block] == 0) {
                    continue;
                }
                const int end = std::min(labels_.width(), (block + 1) * cells);
                for (int x = block * cells; x < end; ++x) {
                    if (labels[x] != Label::undecided) {
                        add_cell(x, y, pixels, block, row);
                    }
                }
            }
        }
    }

    void add_cell(int x, int y, float pixels, int block, int row) {
        Samples& samples = labels_.at(x, y) == Label::object ? object_ : backdrop_;
        samples.weight.at(block, row) += pixels;
        for (std::size_t channel = 0; channel < 3; ++channel) {
            samples.colour[channel].at(block, row) +=
                pixels *
                (copy_.mean[channel].at(x, y) - colours_.backdrop[channel].at(x / 2, y / 2));
        }
    }

    void settle(RowScratch& /*unused*/, int row) {
        const Size size = blocks_.nodes();
        for (int x = 0; x < size.width; ++x) {
            if (settled_.at(x, row) == 0) {
                continue;
            }
            const Sample object = sum_around(object_, x, row);
            const Sample backdrop = sum_around(backdrop_, x, row);
            const int node_x =
                std::min((x * blocks_.pitch() + blocks_.pitch() / 2) / colours_.lattice.pitch(),
                         colours_.lattice.nodes().width - 1);
            const int node_y =
                std::min((row * blocks_.pitch() + blocks_.pitch() / 2) / colours_.lattice.pitch(),
                         colours_.lattice.nodes().height - 1);
            for (std::size_t channel = 0; channel < 3; ++channel) {
                object_line_[channel].at(x, row) =
                    (object.colour[channel] +
                     kTrust * colours_.contrast[channel].at(node_x, node_y)) /
                    (object.weight + kTrust);
                backdrop_line_[channel].at(x, row) =
                    backdrop.colour[channel] / (backdrop.weight + kTrust);
            }
            bend_.at(x, row) = bend_at(x, row, node_x, node_y);
        }
    }

    /// Of the line between the local colours: each channel's, by what it contributes to the cover.
    [[nodiscard]] float bend_at(int x, int row, int node_x, int node_y) const {
        float sum = 0;
        float total = 1;
        for (std::size_t channel = 0; channel < 3; ++channel) {
            const float light = colours_.backdrop[channel].at(node_x, node_y);
            const float from = std::max(0.0F, light + backdrop_line_[channel].at(x, row));
            const float to = std::max(0.0F, light + object_line_[channel].at(x, row));
            const float contrast = (to - from) * per_noise_[channel];
            sum += contrast * contrast * (from - to) / (from + to + 1);
            total += contrast * contrast;
        }
        return sum / total;
    }

    /// The ends of the lines that the run's pixels are projected on.
    void read_lines(RowScratch& scratch, int y, const BandRun& run) const {
        blocks_.read(object_line_, y, run.left, run.right, scratch.nodes, scratch.contrast);
        blocks_.read(backdrop_line_, y, run.left, run.right, scratch.nodes, scratch.backdrop);
    }

    void project(RowScratch& scratch, int row) {
        for (int y = top_of(row); y < bottom_of(row); ++y) {
            project_pixels(scratch, y);
        }
    }

    void project_pixels(RowScratch& scratch, int y) {
        const std::uint8_t* around = around_.data() + band_.pixels_before(y);
        for (const BandRun& run : band_.runs(y)) {
            read_difference(scratch, y, run);
            read_lines(scratch, y, run);
            project_row(scratch.difference[0].data(), scratch.difference[1].data(),
                        scratch.difference[2].data(), scratch.contrast[0].data(),
                        scratch.contrast[1].data(), scratch.contrast[2].data(),
                        scratch.backdrop[0].data(), scratch.backdrop[1].data(),
                        scratch.backdrop[2].data(), around, band_.undecided(y) + run.left,
                        mask_.row(y) + run.left, run.right - run.left, per_noise_[0], per_noise_[1],
                        per_noise_[2]);
            around += run.right - run.left;
        }
    }

    /// Some of the row's pixels.
    void look_at_mixing(RowScratch& scratch, int row) {
        constexpr int kFewest = 4;
        const int step = std::max(kFewest, copy_.scale);
        for (int y = top_of(row); y < bottom_of(row); y += step) {
            for (const BandRun& run : band_.runs(y)) {
                read_difference(scratch, y, run);
                read_lines(scratch, y, run);
                look_at_mixing(scratch, y, run, mixing_[static_cast<std::size_t>(row)]);
            }
        }
    }

    void look_at_mixing(const RowScratch& scratch, int y, const BandRun& run,
                        MixingEvidence& evidence) const {
        const std::uint8_t* bytes = picture_.row(y);
        const std::uint8_t* undecided = band_.undecided(y);
        for (int x = run.left; x < run.right; ++x) {
            if (undecided[x] == 0) {
                continue;
            }
            const auto i = static_cast<std::size_t>(x - run.left);
            std::array<float, 3> pixel{};
            std::array<float, 3> backdrop{};
            std::array<float, 3> object{};
            for (std::size_t channel = 0; channel < 3; ++channel) {
                pixel[channel] = bytes[static_cast<std::size_t>(x) * 3 + channel];
                const float light = pixel[channel] - scratch.difference[channel][i];
                backdrop[channel] = light + scratch.backdrop[channel][i];
                object[channel] = light + scratch.contrast[channel][i];
            }
            evidence.add(pixel, backdrop, object);
        }
    }

    /// From cover of sRGB values towards cover of light, as far as that is what was mixed.
    void bend() {
        MixingEvidence mixing;
        for (const MixingEvidence& row : mixing_) {
            mixing.add(row);
        }
        const float share = kCameraCurve * mixing.light_share();
        for_each(blocks_.nodes().height, [&](RowScratch&, int row) {
            for (int y = top_of(row); y < bottom_of(row); ++y) {
                for (const BandRun& run : band_.runs(y)) {
                    bend(y, run, share);
                }
            }
        });
    }

    void bend(int y, const BandRun& run, float share) {
        const std::uint8_t* undecided = band_.undecided(y);
        std::uint8_t* cover = mask_.row(y);
        for (int x = run.left; x < run.right; ++x) {
            // Nothing bends at the ends.
            if (undecided[x] != 0 && cover[x] != 0 && cover[x] != 255) {
                cover[x] = cover_of_light(cover[x], share * blocks_.read(bend_, x, y));
            }
        }
    }

    const Image& picture_;
    const WorkCopy& copy_;
    const CellLabels& labels_;
    const BackdropModel& model_;
    UndecidedBand band_;
    LocalColours colours_;
    Lattice blocks_;
    Grid<std::uint8_t> sampled_;
    Grid<std::uint8_t> settled_;
    Samples object_;
    Samples backdrop_;
    Planes object_line_;
    Planes backdrop_line_;
    /// How far the lines bend, as cover_of_light() takes it.
    Plane bend_;
    /// By row of blocks.
    std::vector<MixingEvidence> mixing_;
    std::array<float, 3> per_noise_{};
    std::vector<RowScratch> scratch_;
    /// Mean coverage of the 25 pixels around; the band's runs one behind the other.
    PixelBuffer around_;
    Mask mask_;
};

}  // namespace

Mask edge_matte(const Image& picture, const WorkCopy& copy, const CellLabels& labels,
                const BackdropModel& backdrop, int threads) {
    return Matting(picture, copy, labels, backdrop, threads).solve();
}

}  // namespace editprep::imaging
