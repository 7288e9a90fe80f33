#pragma once

#include <vector>

#include "editprep/imaging/image.hpp"
#include "editprep/imaging/mask.hpp"

namespace editprep::benchmarks {

/// A picture for people: one row per composite with source, true cover, what was selected, and
/// the error: red where too much was selected, blue where something is missing.
class Sheet {
public:
    void add(const imaging::Image& source, const imaging::Mask& truth,
             const imaging::Mask& predicted);
    [[nodiscard]] bool empty() const noexcept { return rows_.empty(); }
    /// Must not be empty.
    [[nodiscard]] imaging::Image picture() const;

private:
    std::vector<std::vector<imaging::Image>> rows_;
};

}  // namespace editprep::benchmarks
