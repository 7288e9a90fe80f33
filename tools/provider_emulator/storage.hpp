#pragma once

#include <httplib.h>

#include <chrono>
#include <cstddef>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "tools/provider_emulator/access.hpp"
#include "tools/provider_emulator/faults.hpp"
#include "tools/provider_emulator/file_store.hpp"

namespace editprep::tools::provider_emulator {

/// fal's storage: uploads in one piece or in parts to signed addresses, and downloads. It is as
/// strict as a signed store is: a query that was not kept byte for byte, or a key where none
/// belongs, is refused. Several threads may use it at once.
class Storage {
public:
    /// All references must outlive this.
    Storage(const Access& access, FileStore& files, FaultPlan& faults)
        : access_(access), files_(files), faults_(faults) {}

    /// `POST /rest/storage/upload/initiate` and `.../initiate-multipart`
    void initiate(const httplib::Request& request, httplib::Response& response);
    /// Everything below `/upload/`.
    void upload(const httplib::Request& request, httplib::Response& response);
    /// Everything below `/files/`.
    void download(const httplib::Request& request, httplib::Response& response);

private:
    struct Upload {
        std::string query;
        std::string media_type;
        std::string file_path;
        bool multipart = false;
        std::optional<std::chrono::seconds> lifetime;
        std::map<int, std::string> parts;
    };

    /// Null after filling in a refusal.
    [[nodiscard]] Upload* admit(const httplib::Request& request, httplib::Response& response,
                                const std::string& id);
    void put_whole(const httplib::Request& request, httplib::Response& response, Upload& upload);
    void put_part(const httplib::Request& request, httplib::Response& response, Upload& upload,
                  std::string_view number);
    void drop_parts(Upload& upload);
    void complete(const httplib::Request& request, httplib::Response& response, Upload& upload);
    void store(Upload& upload, std::string content);

    const Access& access_;
    FileStore& files_;
    FaultPlan& faults_;
    std::mutex mutex_;
    std::map<std::string, Upload> uploads_;
    std::deque<std::string> oldest_first_;
    /// Of parts that wait for their completion.
    std::size_t part_bytes_ = 0;
};

/// Answers with a file, which stays until it is sent.
void send_file(httplib::Response& response, const std::shared_ptr<const StoredFile>& file);

}  // namespace editprep::tools::provider_emulator
