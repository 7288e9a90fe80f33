#pragma once

#include <chrono>
#include <cstddef>
#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <unordered_map>

/// Files as a CDN keeps them, in memory.
namespace editprep::tools::provider_emulator {

struct StoredFile {
    std::string content;
    std::string media_type;
    /// Nothing: it stays as long as there is room.
    std::optional<std::chrono::steady_clock::time_point> expires_at{};
};

/// Holds so many bytes and drops the oldest files beyond. Several threads may use it at once.
class FileStore {
public:
    explicit FileStore(std::size_t max_bytes) : max_bytes_(max_bytes) {}

    /// The path under which the file is fetched: `/files/<id>/<name>`.
    std::string add(StoredFile file, const std::string& name);
    /// The same for a path that was promised before.
    void put(const std::string& path, StoredFile file);
    [[nodiscard]] static std::string new_path(const std::string& name);

    /// Null when there is none, or none any more.
    [[nodiscard]] std::shared_ptr<const StoredFile> find(const std::string& path) const;

private:
    void drop(const std::string& path);

    mutable std::mutex mutex_;
    std::size_t max_bytes_;
    std::size_t bytes_ = 0;
    std::unordered_map<std::string, std::shared_ptr<const StoredFile>> files_;
    std::deque<std::string> oldest_first_;
};

}  // namespace editprep::tools::provider_emulator
