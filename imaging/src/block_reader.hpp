#pragma once

#include <cstddef>
#include <memory>
#include <span>

#include "encoded_source.hpp"

namespace editprep::imaging {

/// The bytes of a source from front to back, read in blocks into one small buffer.
class BlockReader {
public:
    static constexpr std::size_t kBlockBytes = std::size_t{64} << 10;

    /// The source must outlive the reader.
    explicit BlockReader(const EncodedSource& source, std::size_t offset = 0)
        : source_(source),
          offset_(offset),
          block_(std::make_unique_for_overwrite<std::byte[]>(kBlockBytes)) {}

    /// The bytes that follow: at least one and at most `most`, none at the end. Valid until the
    /// next call. Throws file_unreadable.
    [[nodiscard]] std::span<const std::byte> take(std::size_t most);
    /// Fills `out`; false when the source ends before that. Throws file_unreadable.
    [[nodiscard]] bool read(std::span<std::byte> out);
    /// Passes over bytes without reading them; beyond the end there is nothing to take.
    void skip(std::size_t count);

private:
    const EncodedSource& source_;
    /// Where in the source the next block begins.
    std::size_t offset_;
    std::unique_ptr<std::byte[]> block_;
    /// What is left of the block.
    std::span<const std::byte> left_;
};

}  // namespace editprep::imaging
