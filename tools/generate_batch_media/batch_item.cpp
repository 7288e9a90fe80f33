#include "tools/generate_batch_media/batch_item.hpp"

namespace editprep::tools::generate_batch_media {

std::vector<std::string> BatchItem::cmd() const {
    std::vector<std::string> all;
    if (!command.empty()) {
        all.push_back(command);
        all.insert(all.end(), words.begin(), words.end());
    }
    return all;
}

}  // namespace editprep::tools::generate_batch_media
