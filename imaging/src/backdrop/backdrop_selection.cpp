#include "backdrop/backdrop_selection.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <utility>

#include "backdrop/cell_filters.hpp"
#include "backdrop/cell_memory.hpp"
#include "backdrop/coarse_to_fine.hpp"
#include "backdrop/confidence.hpp"
#include "backdrop/edge_matte.hpp"
#include "backdrop/evidence.hpp"
#include "backdrop/fine_gaps.hpp"
#include "backdrop/fine_strings.hpp"
#include "backdrop/light_fit.hpp"
#include "backdrop/narrow_gaps.hpp"
#include "backdrop/see_through.hpp"
#include "backdrop/told_stretches.hpp"
#include "backdrop/transparency.hpp"
#include "backdrop/work_copy.hpp"
#include "thread_count.hpp"
#include "to_byte.hpp"

namespace editprep::imaging {
namespace {

/// What is smaller has no border worth the name.
constexpr int kSmallestSide = 8;

/// Enough for all rasters of cells that there are at the same time.
std::size_t room_for_cells(Size picture) {
    constexpr std::int64_t kBytesPerCell = 160;
    constexpr std::int64_t kMostCells = 125'000;
    return static_cast<std::size_t>(kBytesPerCell * std::min(picture.area(), kMostCells));
}

/// Cells beside the outline are left to their pixels.
CellLabels label(const Plane& object_share, int reach) {
    const Plane most = largest_within(object_share, reach);
    const Plane least = smallest_within(object_share, reach);
    CellLabels labels(object_share.size(), Label::undecided);
    for (std::size_t i = 0; i < labels.count(); ++i) {
        if (least[i] >= 0.5F) {
            labels[i] = Label::object;
        } else if (most[i] < 0.5F) {
            labels[i] = Label::backdrop;
        }
    }
    return labels;
}

std::vector<Point> cells_of(const std::vector<Point>& pixels, int scale) {
    std::vector<Point> cells;
    for (const Point p : pixels) {
        cells.push_back({p.x / scale, p.y / scale});
    }
    return cells;
}

KnownCells known_cells(const SelectionOptions& options, int scale) {
    return {cells_of(options.object_points, scale), cells_of(options.background_points, scale)};
}

Image to_image(const Planes& planes) {
    Image image(planes[0].size(), Channels::rgb);
    for (std::size_t i = 0; i < planes[0].count(); ++i) {
        for (std::size_t c = 0; c < 3; ++c) {
            image.bytes()[3 * i + c] = to_byte(planes[c][i]);
        }
    }
    return image;
}

Color mean_color(const Planes& planes) {
    std::array<std::uint8_t, 3> mean{};
    for (std::size_t c = 0; c < 3; ++c) {
        double sum = 0;
        for (std::size_t i = 0; i < planes[c].count(); ++i) {
            sum += planes[c][i];
        }
        mean[c] = to_byte(static_cast<float>(sum / static_cast<double>(planes[c].count())));
    }
    return {mean[0], mean[1], mean[2], 255};
}

Selection nothing_in(const Image& picture) {
    Selection selection;
    selection.mode_used = SelectionMode::backdrop;
    selection.mask = Mask(picture.size(), 0);
    const std::uint8_t* first = picture.row(0);
    selection.backdrop = {first[0], first[1], first[2], 255};
    selection.plate = solid_image({1, 1}, Channels::rgb, selection.backdrop);
    selection.confidence = 0;
    selection.doubts = {SelectionDoubt::nothing_found};
    return selection;
}

/// What is concluded from the small copy.
struct Findings {
    CellLabels labels;
    Judgement judgement;
    std::array<float, 3> pixel_noise{};
    Veils veils;
};

/// The evidence is large, and gone when the pixels' turn comes.
Findings conclude(const Image& picture, const WorkCopy& copy, const LightFit& fit,
                  const SelectionOptions& options) {
    const KnownCells known = known_cells(options, copy.scale);
    const int threads = thread_count(options.threads);
    Evidence evidence = weigh_evidence(picture, copy, fit, known, threads);
    const Plane object_share = solve_coarse_to_fine(picture, copy, known, threads, evidence);
    const int reach = copy.scale == 1 ? 3 : 2;
    const bool is_whole = options.silhouette || options.hard;
    CellLabels labels = label(object_share, reach);
    const GapClues clues{picture,          copy,        fit.light, evidence.noise.pixel,
                         evidence.verdict, known.object};
    reopen_fine_gaps(clues, labels);
    reopen_narrow_gaps(clues, labels);
    reopen_fine_strings(copy, fit.light, evidence.noise, known.backdrop, labels);
    return {
        std::move(labels), judge_selection(fit, evidence, object_share), evidence.noise.pixel,
        is_whole ? Veils{} : find_veils(copy, fit, object_share, evidence.verdict, known.object)};
}

bool has_border(Size cells) { return std::min(cells.width, cells.height) >= kSmallestSide; }

Selection select_with_copy(const Image& picture, const WorkCopy& copy,
                           const SelectionOptions& options) {
    if (!has_border(copy.size())) {
        return nothing_in(picture);
    }
    const int threads = thread_count(options.threads);
    const LightFit fit = fit_light(copy);
    Selection selection;
    selection.mode_used = SelectionMode::backdrop;
    selection.backdrop = mean_color(fit.coarse_light);
    selection.plate = to_image(fit.coarse_light);
    const Findings findings = conclude(picture, copy, fit, options);
    selection.confidence = findings.judgement.confidence;
    selection.doubts = findings.judgement.doubts;
    const BackdropModel model{fit.light, findings.pixel_noise};
    selection.mask = edge_matte(picture, copy, findings.labels, model, threads);
    thin_veils(picture, copy, fit.light, findings.veils, selection.mask);
    follow_points(options, picture, model, copy.scale, selection.mask);
    return selection;
}

Selection select_in_rgb(const Image& picture, const SelectionOptions& options) {
    if (!has_border(picture.size())) {
        return nothing_in(picture);
    }
    const CellMemory memory(room_for_cells(picture.size()));
    return select_with_copy(picture, make_work_copy(picture, thread_count(options.threads)),
                            options);
}

}  // namespace

Selection select_by_backdrop(const Image& image, const SelectionOptions& options) {
    if (image.channels() == Channels::rgb) {
        return select_in_rgb(image, options);
    }
    if (!has_transparency(image)) {
        return select_in_rgb(to_rgb(image), options);
    }
    Selection selection = select_in_rgb(over_backdrop(image), options);
    limit_to_alpha(image, selection.mask);
    return selection;
}

Selection select_by_backdrop(RowReader& rows, const SelectionOptions& options) {
    if (rows.channels() != Channels::rgb || rows.held() || !has_border(rows.size())) {
        return select_by_backdrop(read_all(rows), options);
    }
    const CellMemory memory(room_for_cells(rows.size()));
    Image picture(rows.size(), Channels::rgb);
    const WorkCopy copy = read_with_copy(rows, picture);
    return select_with_copy(picture, copy, options);
}

}  // namespace editprep::imaging
