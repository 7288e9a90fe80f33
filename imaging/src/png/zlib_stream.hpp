#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>

#include "byte_sink.hpp"
#include "editprep/imaging/image_file.hpp"
#include "pixel_matcher.hpp"

namespace editprep::imaging {

/// Compresses filtered rows, one after the other, to a zlib stream (RFC 1950). Rows are gathered to
/// chunks, and threads may compress several chunks side by side: the stream is the same. Memory is
/// bounded by the threads and the length of a row.
class ZlibStream {
public:
    /// @param row_count how many rows will come
    /// @param threads how many may compress, the caller among them; at least 1
    /// @param sink is called by the thread that calls below
    ZlibStream(const RowShape& shape, std::size_t row_count, PngEffort effort, int threads,
               ByteSink sink);
    ~ZlibStream();
    ZlibStream(const ZlibStream&) = delete;
    ZlibStream& operator=(const ZlibStream&) = delete;

    /// Where the next row is to be written.
    [[nodiscard]] std::uint8_t* row();
    /// Takes the row that was written there. After the last one the stream ends.
    /// @param repeats whether it is a row of zeros behind Up, as filter_repeated() writes it
    void end_row(bool repeats);

private:
    class Work;
    std::unique_ptr<Work> work_;
};

}  // namespace editprep::imaging
