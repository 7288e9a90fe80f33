#pragma once

#include <atomic>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "editprep/transport/secret.hpp"
#include "tools/shared/context.hpp"
#include "tools/shared/run_tool.hpp"

namespace editprep::tools {

/// Keeps a key out of everything that a command prints, also where a server echoes it. Several
/// threads may use it at once.
class KeyGuard {
public:
    /// Also the secret half of a key of the form `id:secret`. Parts shorter than 8 characters are
    /// left alone: they occur in other words.
    void hide(const transport::Secret& key);

    [[nodiscard]] std::string without_keys(std::string_view text) const;

    /// The same context with `***` in the place of keys in both of its streams; the guard must
    /// outlive it.
    [[nodiscard]] Context watch(const Context& context) const;

private:
    mutable std::shared_mutex mutex_;
    std::vector<std::string> hidden_;
    /// Spares those who hide nothing the lock.
    std::atomic<bool> hides_ = false;
};

/// This process's own, which every key that is found is given to, before anything is sent with it.
[[nodiscard]] KeyGuard& process_keys();

/// A server's text without those of process_keys() and without anything else that looks like a key:
/// servers have been seen to repeat what they were sent.
[[nodiscard]] std::string without_all_keys(const std::string& text);

/// run_tool for a command that asks a provider: both of its streams, and the lines for its errors,
/// are watched by process_keys().
[[nodiscard]] int run_guarded_tool(int argument_count, char** arguments, const Command& command,
                                   DescribeError describe);

}  // namespace editprep::tools
