#include "tools/generate_batch_media/shard.hpp"

#include <algorithm>
#include <cstdint>
#include <limits>
#include <string_view>

#include "tools/shared/failure.hpp"
#include "tools/shared/number_text.hpp"

namespace editprep::tools::generate_batch_media {
namespace {

constexpr std::int64_t kMostShards = std::numeric_limits<int>::max();

constexpr const char* kTaskId = "SLURM_ARRAY_TASK_ID";
constexpr const char* kTaskCount = "SLURM_ARRAY_TASK_COUNT";
constexpr const char* kTaskMin = "SLURM_ARRAY_TASK_MIN";
constexpr const char* kTaskMax = "SLURM_ARRAY_TASK_MAX";
constexpr const char* kTaskStep = "SLURM_ARRAY_TASK_STEP";
constexpr const char* kCompletionIndex = "JOB_COMPLETION_INDEX";
constexpr const char* kShardCount = "EDITPREP_SHARD_COUNT";

[[noreturn]] void refuse(const std::string& reason) {
    throw Failure(reason + "; name this machine's part with --shard I/N (1/1 for all of it)");
}

/// Digits alone: neither signs nor blanks.
std::optional<std::int64_t> parse_count(std::string_view text) {
    const auto is_digit = [](char letter) { return letter >= '0' && letter <= '9'; };
    return !text.empty() && std::ranges::all_of(text, is_digit) ? parse_integer(text)
                                                                : std::nullopt;
}

/// Nothing when it is not set.
std::optional<std::int64_t> number_in(const Environment& environment, const char* name,
                                      std::int64_t smallest) {
    const auto text = environment(name);
    if (!text) {
        return std::nullopt;
    }
    const auto number = parse_count(*text);
    if (!number || *number < smallest || *number > kMostShards) {
        refuse(std::string(name) + " is not a whole number from " + std::to_string(smallest) +
               ": " + *text);
    }
    return number;
}

std::int64_t required(const Environment& environment, const char* name, std::int64_t smallest,
                      const char* known) {
    const auto number = number_in(environment, name, smallest);
    if (!number) {
        refuse(std::string(known) + " is set and " + name + " is not");
    }
    return *number;
}

Shard shard_of(std::int64_t position, std::int64_t count) {
    return {static_cast<int>(position + 1), static_cast<int>(count)};
}

/// The task's place among all of its array. What the variables say of an array was seen with
/// Slurm 22.05: throttling (`%2`) changes none of them, a list has the step 1.
Shard shard_of_array(const Environment& environment) {
    const std::int64_t id = required(environment, kTaskId, 0, kTaskCount);
    const std::int64_t count = required(environment, kTaskCount, 1, kTaskId);
    const std::int64_t min = required(environment, kTaskMin, 0, kTaskId);
    const std::int64_t max = required(environment, kTaskMax, min, kTaskId);
    const std::int64_t step = number_in(environment, kTaskStep, 1).value_or(1);
    if ((max - min) / step + 1 != count || id < min || id > max || (id - min) % step != 0) {
        refuse("the place of task " + std::to_string(id) + " among the " + std::to_string(count) +
               " of its Slurm array cannot be told (a list such as 1,3,7 does not say)");
    }
    if (count == 1 && id > 1) {
        refuse("a Slurm array of the one task " + std::to_string(id) +
               " may be a part of a larger one that is repeated");
    }
    return shard_of((id - min) / step, count);
}

Shard shard_of_indexed_job(const Environment& environment) {
    const std::int64_t index = required(environment, kCompletionIndex, 0, kShardCount);
    const std::int64_t count = required(environment, kShardCount, 1, kCompletionIndex);
    if (index >= count) {
        refuse(std::string(kCompletionIndex) + " is " + std::to_string(index) + ", beyond the " +
               std::to_string(count) + " of " + kShardCount);
    }
    return shard_of(index, count);
}

}  // namespace

Shard parse_shard(const std::string& text) {
    const auto slash = text.find('/');
    if (slash != std::string::npos) {
        const auto number = parse_count(std::string_view(text).substr(0, slash));
        const auto count = parse_count(std::string_view(text).substr(slash + 1));
        if (number && count && *number >= 1 && *number <= *count && *count <= kMostShards) {
            return shard_of(*number - 1, *count);
        }
    }
    throw UsageError("argument --shard: invalid shard: '" + text + "' (2/4 is the second of four)");
}

std::string to_string(const Shard& shard) {
    return std::to_string(shard.number) + '/' + std::to_string(shard.count);
}

std::optional<Shard> shard_of_scheduler(const Environment& environment) {
    const auto is_set = [&](const char* name) { return environment(name).has_value(); };
    const bool is_array = is_set(kTaskId) || is_set(kTaskCount);
    if (is_array && is_set(kCompletionIndex)) {
        refuse(std::string("both ") + kTaskId + " and " + kCompletionIndex + " are set");
    }
    if (is_array) {
        const Shard shard = shard_of_array(environment);
        // An array of a few tasks that are to be repeated would share out everything anew.
        const auto expected = number_in(environment, kShardCount, 1);
        if (expected && *expected != shard.count) {
            refuse("the Slurm array has " + std::to_string(shard.count) + " tasks, and " +
                   kShardCount + " says " + std::to_string(*expected));
        }
        return shard;
    }
    if (is_set(kCompletionIndex) || is_set(kShardCount)) {
        return shard_of_indexed_job(environment);
    }
    return std::nullopt;
}

}  // namespace editprep::tools::generate_batch_media
