#pragma once

#include <array>
#include <cstddef>
#include <cstdint>
#include <span>
#include <string>
#include <string_view>

namespace editprep::transport {

/// SHA-256 (FIPS 180-4) of content that arrives in pieces.
class Sha256 {
public:
    /// The two give the same; the portable one is there for other processors.
    enum class Kernel { fastest, portable };

    explicit Sha256(Kernel kernel = Kernel::fastest) noexcept : kernel_(kernel) {}

    void update(std::span<const std::byte> content) noexcept;
    void update(std::string_view content) noexcept { update(std::as_bytes(std::span(content))); }

    /// Of everything so far, in lower-case hexadecimal; more may follow.
    [[nodiscard]] std::string hex() const;

private:
    static constexpr std::size_t kBlockBytes = 64;

    void absorb(const std::byte* blocks, std::size_t count) noexcept;

    Kernel kernel_;
    /// Section 5.3.3.
    std::array<std::uint32_t, 8> state_{0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                        0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
    /// The bytes that do not fill a block yet: the first size_bytes_ % kBlockBytes of it.
    std::array<std::byte, kBlockBytes> block_{};
    std::uint64_t size_bytes_ = 0;
};

}  // namespace editprep::transport
