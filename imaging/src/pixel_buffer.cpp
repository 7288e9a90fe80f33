#include "editprep/imaging/pixel_buffer.hpp"

#include <cstdlib>
#include <new>

#ifdef __linux__
#include <sys/mman.h>
#endif

namespace editprep::imaging {
namespace {

/// A large page of most processors, and the least that is asked for in such pages: one that is half
/// empty is still cleared sooner than small ones.
constexpr std::size_t kLargePage = std::size_t{2} << 20U;
constexpr std::size_t kLeastLarge = kLargePage / 2;

/// Memory in large pages where the system has some to give: the system clears them in one go each,
/// where 512 small ones each cost an interruption.
void* allocate_large(std::size_t size) {
    void* bytes = std::aligned_alloc(kLargePage, (size + kLargePage - 1) / kLargePage * kLargePage);
#ifdef __linux__
    if (bytes != nullptr) {
        // A wish; where it is not granted, the pages are small. The last one counts from half on.
        const std::size_t pages = (size + kLargePage - kLeastLarge) / kLargePage;
        static_cast<void>(madvise(bytes, pages * kLargePage, MADV_HUGEPAGE));
    }
#endif
    return bytes;
}

}  // namespace

PixelBuffer::Bytes PixelBuffer::allocate(std::size_t size) {
    void* bytes = size < kLeastLarge ? std::malloc(size > 0 ? size : 1) : allocate_large(size);
    if (bytes == nullptr) {
        throw std::bad_alloc();
    }
    return Bytes(static_cast<std::uint8_t*>(bytes));
}

}  // namespace editprep::imaging
