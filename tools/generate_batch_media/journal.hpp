#pragma once

#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/shared/context.hpp"

/// What is done of a batch, so that the same command goes on where it was interrupted.
namespace editprep::tools::generate_batch_media {

/// A file in `batches` of the state folder, one line of JSON for each finished item: a kill at any
/// instant costs at most the line that was being written, and a power cut no line of a paid item.
/// It belongs to a manifest (by its path) and a shard, and is held by one process at a time.
/// Several threads may use it at once.
class BatchJournal {
public:
    /// Goes on with the batch that was interrupted, else begins one under a new id. Throws Failure
    /// when another process is at the same batch, or when the file cannot be written.
    /// @param name    tells batches apart: the manifest's absolute path and the shard
    /// @param restart forgets what was done
    [[nodiscard]] static BatchJournal open(const std::string& name, bool restart,
                                           const Environment& environment);
    ~BatchJournal();
    BatchJournal(BatchJournal&&) noexcept;
    BatchJournal& operator=(BatchJournal&&) noexcept;

    /// An earlier run did not finish this batch.
    [[nodiscard]] bool goes_on() const noexcept;

    /// The idempotency key of each item, in their order: the batch's id and what the item says, so
    /// that an item keeps its key when others are added, changed or moved; equal items are told
    /// apart by their order.
    [[nodiscard]] std::vector<std::string> keys_for(const std::vector<CheckedItem>& items) const;

    /// The good result of that item, from an earlier run, marked as reused.
    [[nodiscard]] std::optional<ItemResult> done(const std::string& key) const;
    /// Of a result that is not good nothing is known to later runs. Throws Failure when the disk is
    /// full.
    void record(const std::string& key, const ItemResult& result);
    /// Everything is done, and all that was asked for about it (summary, report) is written: the
    /// file goes away, the next run of the same command begins anew, and pays.
    void finish();

private:
    struct State;
    explicit BatchJournal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace editprep::tools::generate_batch_media
