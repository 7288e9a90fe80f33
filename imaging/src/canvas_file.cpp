#include <memory>
#include <optional>
#include <utility>

#include "canvas_rows.hpp"
#include "editprep/imaging/canvas.hpp"
#include "png/png_writer.hpp"
#include "read_tier.hpp"
#include "rows/picture_rows.hpp"
#include "source_rows.hpp"
#include "whole_file.hpp"

namespace editprep::imaging {
namespace {

/// The picture of a canvas and what its reader noted. Row by row where it can be had so, else in
/// memory.
struct Source {
    std::optional<Image> image;
    std::unique_ptr<SourceRows> rows;
    std::vector<std::string> notes;
};

void open(EncodedSource& file, const Limits& limits, SourceRows::Keep keep, Source& source) {
    if (auto upright = open_upright_rows(file, limits)) {
        source.notes = std::move(upright->notes);
        source.rows = std::make_unique<SourceRows>(read_ahead(std::move(upright->rows)), keep);
        return;
    }
    LoadedImage loaded = read_image(file, limits, ReadTier::automatic);
    source.notes = std::move(loaded.notes);
    source.image = std::move(loaded.image);
    source.rows = std::make_unique<SourceRows>(*source.image);
}

void write_rows(CanvasRows& canvas, int height, PngWriter& file) {
    for (int y = 0; y < height; ++y) {
        if (const std::uint8_t* row = canvas.next()) {
            file.write_row(row);
        } else {
            file.repeat_row();
        }
    }
}

}  // namespace

WrittenCanvas write_canvas(const std::filesystem::path& picture,
                           const std::filesystem::path& canvas, const CanvasOptions& options,
                           Overwrite overwrite, const NoteListener& tell,
                           const ReadOptions& reading) {
    EncodedSource encoded(picture, reading.limits.max_file_bytes);
    Source source;
    open(encoded, reading.limits, rows_kept_for(options.fill), source);
    if (tell) {
        tell(source.notes);
    }
    const CanvasLayout layout = lay_out_canvas(source.rows->size(), options.margins);
    const auto rows = paint_canvas(*source.rows, layout, options);

    WholeFileWriter file(canvas, overwrite);
    PngWriter png(layout.size, Channels::rgba, {},
                  [&file](std::span<const std::byte> bytes) { file.write(bytes); });
    write_rows(*rows, layout.size.height, png);
    source.rows->finish();
    png.finish();
    file.commit();
    return {layout.size, layout.picture};
}

}  // namespace editprep::imaging
