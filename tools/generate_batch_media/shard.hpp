#pragma once

#include <optional>
#include <string>

#include "tools/shared/context.hpp"

/// One machine's part of a batch.
namespace editprep::tools::generate_batch_media {

struct Shard {
    /// From 1.
    int number = 1;
    int count = 1;

    /// Items go round in turn, by their place in the manifest: adding machines changes the
    /// assignment, running again does not.
    [[nodiscard]] bool holds(int item_index) const noexcept {
        return (item_index - 1) % count == number - 1;
    }
    friend bool operator==(const Shard&, const Shard&) = default;
};

/// `2/4`: the second of four. Throws UsageError.
[[nodiscard]] Shard parse_shard(const std::string& text);
[[nodiscard]] std::string to_string(const Shard& shard);

/// What the scheduler says. SLURM_ARRAY_TASK_ID with SLURM_ARRAY_TASK_COUNT, _MIN, _MAX and _STEP:
/// arrays may begin anywhere and be throttled; in one that is a list (`1,3,7`) no task can tell its
/// place. Or JOB_COMPLETION_INDEX with EDITPREP_SHARD_COUNT, since Kubernetes does not tell how
/// many there are; in a Slurm array that variable is held against its size. Nothing when there is
/// no scheduler. Throws Failure where the place is not known for certain: every machine would pay
/// for everything.
[[nodiscard]] std::optional<Shard> shard_of_scheduler(const Environment& environment);

}  // namespace editprep::tools::generate_batch_media
