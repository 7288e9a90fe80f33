#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <span>

#include "byte_sink.hpp"
#include "editprep/imaging/image.hpp"
#include "editprep/imaging/image_file.hpp"

namespace editprep::imaging {

enum class PngFilter {
    /// Up on every row: right for masks, whose rows repeat.
    up,
    /// Per row the filter that promises the fewest bytes (png_filter.hpp): right for pictures.
    adaptive,
};

struct PngSettings {
    PngFilter filter = PngFilter::adaptive;
    PngEffort effort = PngEffort::balanced;
    /// How many threads may compress; zero or less: as many as there are processors. The file does
    /// not depend on it.
    int threads = 0;
};

/// Makes a PNG file of 8-bit samples from rows that come one by one. Memory is bounded by the
/// threads and the width of the picture, not by its height.
class PngWriter {
public:
    PngWriter(Size size, Channels channels, const PngSettings& settings, ByteSink sink);
    ~PngWriter();
    PngWriter(const PngWriter&) = delete;
    PngWriter& operator=(const PngWriter&) = delete;

    /// The next row, packed; to be called size.height times.
    void write_row(const std::uint8_t* row);
    /// The same as write_row with the row before once more, at next to no cost.
    void repeat_row();
    /// After the last row: the end of the file goes to the sink.
    void finish();

private:
    class Work;
    std::unique_ptr<Work> work_;
};

/// How many bytes of a file's start is_own_png needs.
inline constexpr std::size_t kOwnPngHeadBytes = 62;
/// True when a file that starts with these bytes was made by a PngWriter: its second chunk says so.
[[nodiscard]] bool is_own_png(std::span<const std::byte> head);

}  // namespace editprep::imaging
