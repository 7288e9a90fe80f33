#include "tools/provider_emulator/file_store.hpp"

#include <cctype>
#include <utility>

#include "tools/provider_emulator/answers.hpp"

namespace editprep::tools::provider_emulator {
namespace {

/// What may stand in a path as it is; everything else becomes a dash.
std::string safe_name(const std::string& name) {
    std::string safe;
    for (const char letter : name.substr(0, 100)) {
        const bool plain = std::isalnum(static_cast<unsigned char>(letter)) != 0 || letter == '.' ||
                           letter == '_' || letter == '-';
        safe += plain ? letter : '-';
    }
    return safe.empty() || safe.front() == '.' ? "file" + safe : safe;
}

}  // namespace

std::string FileStore::new_path(const std::string& name) {
    return "/files/" + new_id() + '/' + safe_name(name);
}

std::string FileStore::add(StoredFile file, const std::string& name) {
    std::string path = new_path(name);
    put(path, std::move(file));
    return path;
}

void FileStore::put(const std::string& path, StoredFile file) {
    const auto stored = std::make_shared<const StoredFile>(std::move(file));
    const std::lock_guard lock(mutex_);
    if (files_.contains(path)) {
        drop(path);
        std::erase(oldest_first_, path);
    }
    files_.emplace(path, stored);
    oldest_first_.push_back(path);
    bytes_ += stored->content.size();
    while (bytes_ > max_bytes_ && oldest_first_.size() > 1) {
        drop(oldest_first_.front());
        oldest_first_.pop_front();
    }
}

void FileStore::drop(const std::string& path) {
    if (const auto found = files_.find(path); found != files_.end()) {
        bytes_ -= found->second->content.size();
        files_.erase(found);
    }
}

std::shared_ptr<const StoredFile> FileStore::find(const std::string& path) const {
    const std::lock_guard lock(mutex_);
    const auto found = files_.find(path);
    if (found == files_.end()) {
        return nullptr;
    }
    const auto& expires_at = found->second->expires_at;
    const bool expired = expires_at && *expires_at <= std::chrono::steady_clock::now();
    return expired ? nullptr : found->second;
}

}  // namespace editprep::tools::provider_emulator
