#include "colour.hpp"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstddef>

namespace editprep::benchmarks {
namespace {

constexpr std::size_t kSteps = 4096;
using Table = std::array<float, kSteps + 2>;

double exact_linear(double code) {
    return code <= 0.04045 ? code / 12.92 : std::pow((code + 0.055) / 1.055, 2.4);
}

double exact_code(double linear) {
    return linear <= 0.0031308 ? linear * 12.92 : 1.055 * std::pow(linear, 1 / 2.4) - 0.055;
}

template <typename Function>
Table make_table(Function function) {
    Table table{};
    for (std::size_t i = 0; i < table.size(); ++i) {
        table[i] = static_cast<float>(function(static_cast<double>(i) / kSteps));
    }
    return table;
}

float look_up(const Table& table, float value) {
    const float position = std::clamp(value, 0.0F, 1.0F) * static_cast<float>(kSteps);
    const auto index = static_cast<std::size_t>(position);
    const float share = position - static_cast<float>(index);
    return table[index] + share * (table[index + 1] - table[index]);
}

}  // namespace

float to_linear(float code) noexcept {
    static const Table table = make_table(exact_linear);
    return look_up(table, code);
}

float to_code(float linear) noexcept {
    // Over the square root, where the curve is nearly straight.
    static const Table table = make_table([](double root) { return exact_code(root * root); });
    return look_up(table, std::sqrt(std::max(linear, 0.0F)));
}

Rgb to_linear(Rgb code) noexcept {
    return {to_linear(code.red), to_linear(code.green), to_linear(code.blue)};
}

Rgb to_code(Rgb linear) noexcept {
    return {to_code(linear.red), to_code(linear.green), to_code(linear.blue)};
}

Rgb from_srgb8(double red, double green, double blue) noexcept {
    const auto channel = [](double value) { return to_linear(static_cast<float>(value / 255.0)); };
    return {channel(red), channel(green), channel(blue)};
}

Rgb from_hsv(double hue, double saturation, double value) noexcept {
    const auto channel = [&](double offset) {
        const double sector = std::fmod(offset + hue * 6.0, 6.0);
        const double fall = std::clamp(std::min(sector, 4.0 - sector), 0.0, 1.0);
        return 255.0 * value * (1.0 - saturation * fall);
    };
    return from_srgb8(channel(5.0), channel(3.0), channel(1.0));
}

}  // namespace editprep::benchmarks
