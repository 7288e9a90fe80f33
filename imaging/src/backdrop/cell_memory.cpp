#include "backdrop/cell_memory.hpp"

#include <algorithm>
#include <cstdint>
#include <functional>
#include <iterator>
#include <new>

namespace editprep::imaging {
namespace {

/// Rasters in a room that starts at a cache line share none.
constexpr std::size_t kAlignment = 64;

std::size_t rounded(std::size_t bytes) {
    return (bytes + kAlignment - 1) / kAlignment * kAlignment;
}

thread_local CellMemory* innermost = nullptr;

}  // namespace

CellMemory::CellMemory(std::size_t bytes)
    : room_(rounded(bytes)), gaps_{{0, room_.size()}}, outer_(innermost) {
    innermost = this;
}

CellMemory::~CellMemory() { innermost = outer_; }

void* CellMemory::take(std::size_t bytes) {
    void* place = innermost != nullptr ? innermost->take_from_gap(rounded(bytes)) : nullptr;
    return place != nullptr ? place : ::operator new(bytes);
}

void CellMemory::give_back(void* place, std::size_t bytes) noexcept {
    CellMemory* memory = innermost;
    while (memory != nullptr && !memory->contains(place)) {
        memory = memory->outer_;
    }
    if (memory == nullptr) {
        ::operator delete(place);
        return;
    }
    const auto begin =
        static_cast<std::size_t>(static_cast<std::uint8_t*>(place) - memory->room_.data());
    memory->widen_gap({begin, begin + rounded(bytes)});
}

void* CellMemory::take_from_gap(std::size_t bytes) {
    // There are never more gaps than rasters and one: giving back, which must not fail, finds room.
    gaps_.reserve(++taken_ + 1);
    const auto gap = std::find_if(gaps_.begin(), gaps_.end(), [bytes](const Gap& candidate) {
        return candidate.end - candidate.begin >= bytes;
    });
    if (gap == gaps_.end()) {
        --taken_;
        return nullptr;
    }
    void* place = room_.data() + gap->begin;
    gap->begin += bytes;
    if (gap->begin == gap->end) {
        gaps_.erase(gap);
    }
    return place;
}

bool CellMemory::contains(const void* place) const noexcept {
    const std::less<> before;
    return !before(place, room_.data()) && before(place, room_.data() + room_.size());
}

void CellMemory::widen_gap(Gap freed) noexcept {
    --taken_;
    auto next = std::find_if(gaps_.begin(), gaps_.end(),
                             [freed](const Gap& gap) { return gap.begin >= freed.end; });
    const bool joins_next = next != gaps_.end() && next->begin == freed.end;
    const bool joins_last = next != gaps_.begin() && std::prev(next)->end == freed.begin;
    if (joins_last && joins_next) {
        std::prev(next)->end = next->end;
        gaps_.erase(next);
    } else if (joins_last) {
        std::prev(next)->end = freed.end;
    } else if (joins_next) {
        next->begin = freed.begin;
    } else {
        gaps_.insert(next, freed);
    }
}

}  // namespace editprep::imaging
