#include "editprep/imaging/mask_file.hpp"

#include <algorithm>
#include <optional>
#include <utility>

#include "bits/bit_morphology.hpp"
#include "bits/mask_rows.hpp"
#include "editprep/imaging/mask_morphology.hpp"
#include "mask_tally.hpp"
#include "object_selection_rows.hpp"
#include "png/png_writer.hpp"
#include "read_error.hpp"
#include "read_tier.hpp"
#include "region_spans.hpp"
#include "rows/picture_rows.hpp"
#include "select_rows.hpp"
#include "whole_file.hpp"

namespace editprep::imaging {
namespace {

/// Grows, shrinks, feathers, inverts and writes.
MaskFacts write_bits(BitMask bits, const MaskPlan& plan, const std::filesystem::path& path,
                     Overwrite overwrite, int threads) {
    grow(bits, plan.edges.expand_px);
    shrink(bits, plan.edges.shrink_px);
    WholeFileWriter file(path, overwrite);
    PngWriter png(bits.size(), Channels::grey, {.filter = PngFilter::up, .threads = threads},
                  [&file](std::span<const std::byte> bytes) { file.write(bytes); });
    const MaskFacts facts = write_mask_rows(bits, plan.edges.feather_sigma_px, plan.invert,
                                            [&](const std::uint8_t* row) {
                                                if (row != nullptr) {
                                                    png.write_row(row);
                                                } else {
                                                    png.repeat_row();
                                                }
                                            });
    png.finish();
    file.commit();
    return facts;
}

/// Only these modes decide by the pixel alone, and `hard` changes nothing about them; every hint
/// looks at the whole mask.
bool works_in_rows(const SelectionOptions& options) {
    const bool by_pixel =
        options.mode == SelectionMode::alpha || options.mode == SelectionMode::corner_bg;
    return by_pixel && !options.box && options.object_points.empty() &&
           options.background_points.empty() && !options.keep_largest && !options.fill_holes;
}

std::unique_ptr<RowReader> on_threads(std::unique_ptr<RowReader> rows, int threads) {
    return threads == 1 ? std::move(rows) : read_ahead(std::move(rows));
}

/// What judges its rows leaves nothing to do that would be worth a thread.
std::unique_ptr<RowReader> for_corners(std::unique_ptr<RowReader> rows, int threads) {
    return rows->judges() ? std::move(rows) : on_threads(std::move(rows), threads);
}

/// The rows of a picture that were read before.
PictureRows open_again(EncodedSource& source, const ObjectMaskOptions& options,
                       const ImageInfo& before) {
    auto again = open_upright_rows(source, options.limits);
    if (!again || again->info.size != before.size || again->info.channels != before.channels) {
        throw_damaged(name_of(before.format), source.subject(), "it changed while it was read");
    }
    return std::move(*again);
}

/// In one pass over the rows, or two.
BitMask select_from_corners(EncodedSource& source, PictureRows& picture,
                            const ObjectMaskOptions& options, SelectionFacts& facts) {
    const SelectionOptions& wanted = options.selection;
    auto rows = for_corners(std::move(picture.rows), wanted.threads);
    CornerSelection found = select_by_corners(*rows, wanted.sample_size, wanted.threshold);
    facts.mode_used = SelectionMode::corner_bg;
    facts.backdrop = found.backdrop;
    if (found.bits) {
        return std::move(*found.bits);
    }
    rows = for_corners(open_again(source, options, picture.info).rows, wanted.threads);
    return select_distant(*rows, found.backdrop, wanted.threshold);
}

/// Nothing where the picture has to be whole.
std::optional<BitMask> select_in_rows(EncodedSource& source, const ObjectMaskOptions& options,
                                      ObjectMaskFacts& facts) {
    if (!works_in_rows(options.selection)) {
        return std::nullopt;
    }
    auto picture = open_upright_rows(source, options.limits);
    if (!picture || std::max(picture->info.size.width, picture->info.size.height) > kMaxSide) {
        return std::nullopt;
    }
    facts.picture = picture->info;
    facts.notes = picture->notes;
    if (options.selection.mode == SelectionMode::corner_bg) {
        return select_from_corners(source, *picture, options, facts.selection);
    }
    if (picture->rows->channels() != Channels::rgba) {
        return std::nullopt;
    }
    const auto rows = on_threads(std::move(picture->rows), options.selection.threads);
    BitMask bits = select_opaque(*rows, options.selection.threshold);
    facts.selection.mode_used = SelectionMode::alpha;
    judge_alpha(count_selected(bits), bits.size().area(), facts.selection);
    return bits;
}

/// Reading the rows and looking at them takes as long as decoding them.
Mask select_whole(EncodedSource& source, const ObjectMaskOptions& options, ObjectMaskFacts& facts) {
    Selection selection;
    if (auto picture = open_upright_rows(source, options.limits)) {
        const auto rows = on_threads(std::move(picture->rows), options.selection.threads);
        selection = select_object(*rows, options.selection);
        facts.picture = picture->info;
        facts.notes = std::move(picture->notes);
    } else {
        LoadedImage loaded = read_image(source, options.limits, ReadTier::automatic);
        selection = select_object(loaded.image, options.selection);
        facts.picture = loaded.info;
        facts.notes = std::move(loaded.notes);
    }
    facts.selection = selection;
    return std::move(selection.mask);
}

Mask shape(Mask mask, const MaskPlan& plan) {
    mask = shape_edges(std::move(mask), plan.edges);
    return plan.invert ? invert(mask) : std::move(mask);
}

}  // namespace

MaskFacts facts_of(const Mask& mask) {
    MaskTally tally(mask.size());
    for (int y = 0; y < mask.height(); ++y) {
        tally.add(mask.row(y));
    }
    return {mask.size(), tally.bounds(), tally.coverage()};
}

ObjectMaskFacts write_object_mask(const std::filesystem::path& picture,
                                  const std::filesystem::path& mask,
                                  const ObjectMaskOptions& options, Overwrite overwrite,
                                  const std::function<void(const ObjectMaskFacts&)>& judge) {
    const bool as_png = format_for(mask) == ImageFormat::png;
    check_may_write(mask, overwrite);
    const auto judge_known = [&judge](const ObjectMaskFacts& facts) {
        if (judge) {
            judge(facts);
        }
    };
    EncodedSource source(picture, options.limits.max_file_bytes);
    ObjectMaskFacts facts;
    auto bits = as_png ? select_in_rows(source, options, facts) : std::nullopt;
    if (bits) {
        judge_known(facts);
        facts.mask =
            write_bits(std::move(*bits), options.plan, mask, overwrite, options.selection.threads);
        return facts;
    }
    Mask selected = select_whole(source, options, facts);
    judge_known(facts);
    const Mask shaped = shape(std::move(selected), options.plan);
    write_mask(mask, shaped, overwrite);
    facts.mask = facts_of(shaped);
    return facts;
}

MaskFacts write_region_mask(std::span<const Region> regions, Size picture, const MaskPlan& plan,
                            const std::filesystem::path& mask, Overwrite overwrite) {
    if (format_for(mask) != ImageFormat::png) {
        const Mask drawn = shape(mask_from_regions(regions, picture), plan);
        write_mask(mask, drawn, overwrite);
        return facts_of(drawn);
    }
    check_may_write(mask, overwrite);
    BitMask bits(picture);
    for (const Region& region : regions) {
        draw(place(region, picture), bits);
    }
    return write_bits(std::move(bits), plan, mask, overwrite, 0);
}

}  // namespace editprep::imaging
