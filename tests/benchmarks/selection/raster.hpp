#pragma once

#include <cstddef>
#include <vector>

#include "editprep/imaging/geometry.hpp"

namespace editprep::benchmarks {

/// Values of one kind for every pixel, row after row.
template <typename Value>
class Raster {
public:
    Raster() = default;
    explicit Raster(imaging::Size size, Value value = {})
        : size_(size), values_(static_cast<std::size_t>(size.area()), value) {}

    [[nodiscard]] imaging::Size size() const noexcept { return size_; }
    [[nodiscard]] int width() const noexcept { return size_.width; }
    [[nodiscard]] int height() const noexcept { return size_.height; }
    [[nodiscard]] bool empty() const noexcept { return values_.empty(); }
    [[nodiscard]] Value* row(int y) noexcept { return values_.data() + offset(y); }
    [[nodiscard]] const Value* row(int y) const noexcept { return values_.data() + offset(y); }
    [[nodiscard]] Value& at(int x, int y) noexcept { return row(y)[x]; }
    [[nodiscard]] const Value& at(int x, int y) const noexcept { return row(y)[x]; }
    [[nodiscard]] std::vector<Value>& values() noexcept { return values_; }
    [[nodiscard]] const std::vector<Value>& values() const noexcept { return values_; }

private:
    [[nodiscard]] std::size_t offset(int y) const noexcept {
        return static_cast<std::size_t>(y) * static_cast<std::size_t>(size_.width);
    }

    imaging::Size size_;
    std::vector<Value> values_;
};

using Plane = Raster<float>;

}  // namespace editprep::benchmarks
