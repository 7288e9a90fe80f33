#pragma once

#include <cstddef>
#include <vector>

#include "editprep/imaging/pixel_buffer.hpp"

namespace editprep::imaging {

/// Memory for the rasters of cells that a thread makes while this lives: what one gives back the
/// next one takes, where the system would hand out fresh pages, which cost more to touch than most
/// steps take to work on them. What finds no room comes from the heap.
///
/// Rasters that were made meanwhile must be gone before it goes, and by the same thread.
class CellMemory {
public:
    /// @param bytes of room; pages that are never needed cost nothing
    explicit CellMemory(std::size_t bytes);
    CellMemory(const CellMemory&) = delete;
    CellMemory& operator=(const CellMemory&) = delete;
    ~CellMemory();

    /// From the calling thread's memory, or from the heap.
    [[nodiscard]] static void* take(std::size_t bytes);
    static void give_back(void* place, std::size_t bytes) noexcept;

private:
    /// Bytes begin <= i < end of the room.
    struct Gap {
        std::size_t begin = 0;
        std::size_t end = 0;
    };

    /// The first gap of the room that is wide enough, so that as little as possible is ever
    /// touched; null if there is none.
    [[nodiscard]] void* take_from_gap(std::size_t bytes);
    [[nodiscard]] bool contains(const void* place) const noexcept;
    void widen_gap(Gap freed) noexcept;

    PixelBuffer room_;
    /// From front to back, with something between each two of them.
    std::vector<Gap> gaps_;
    /// Rasters in the room.
    std::size_t taken_ = 0;
    CellMemory* outer_;
};

/// Lets a container live in CellMemory.
template <typename Value>
struct CellAllocator {
    using value_type = Value;

    CellAllocator() = default;
    template <typename Other>
    CellAllocator(const CellAllocator<Other>& /*other*/) noexcept {}

    [[nodiscard]] Value* allocate(std::size_t count) {
        return static_cast<Value*>(CellMemory::take(count * sizeof(Value)));
    }
    void deallocate(Value* place, std::size_t count) noexcept {
        CellMemory::give_back(place, count * sizeof(Value));
    }
    friend bool operator==(const CellAllocator&, const CellAllocator&) = default;
};

/// A list that lives in CellMemory. What grows leaves its old places behind, which the next one
/// that grows takes.
template <typename Value>
using CellVector = std::vector<Value, CellAllocator<Value>>;

}  // namespace editprep::imaging
