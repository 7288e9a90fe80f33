#pragma once

#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "tools/generate_batch_media/batch_item.hpp"
#include "tools/generate_batch_media/shard.hpp"
#include "tools/shared/context.hpp"

/// What is done of a batch, so that the same command goes on where it was interrupted.
namespace editprep::tools::generate_batch_media {

/// Tells batches apart.
struct BatchName {
    /// Its absolute path.
    std::string manifest;
    std::optional<Shard> shard{};
};

/// Files in a folder of `batches` of the state folder, one for each way in which a manifest was
/// shared out, with lines of JSON that are only ever added: a kill at any instant costs at most the
/// line that was being written, and a power cut no line of a paid item. A file is held by one
/// process at a time, and the others of the same manifest are read when it is opened. Several
/// threads may use a journal at once.
class BatchJournal {
public:
    /// Throws Failure when another process is at the same batch, or when the file cannot be read or
    /// written.
    /// @param restart this run's items are to be done anew, whatever was done; nothing is changed
    ///                until the first of them is started
    [[nodiscard]] static BatchJournal open(const BatchName& name, bool restart,
                                           const Environment& environment);
    /// For looking alone: held by nobody, and what writes must not be called. Throws Failure
    /// likewise, but for a batch that another process is at.
    [[nodiscard]] static BatchJournal look(const BatchName& name, bool restart,
                                           const Environment& environment);
    ~BatchJournal();
    BatchJournal(BatchJournal&&) noexcept;
    BatchJournal& operator=(BatchJournal&&) noexcept;

    /// The idempotency key of each item, in their order: what the manifest's path, the command, its
    /// words, the content of the files that they name, and its number among equal items come to,
    /// and how often it was done to the end. So an item keeps its key wherever it stands and
    /// however the batch is shared out, and gets another when a file is another. With a file gone,
    /// it has the key under which it was begun.
    /// Those of the last call are this run's.
    [[nodiscard]] std::vector<std::string> keys_for(const std::vector<CheckedItem>& items) const;

    /// The good result of that item, from an earlier run, marked as reused. Files that the current
    /// folder would have elsewhere have their absolute paths.
    [[nodiscard]] std::optional<ItemResult> done(const std::string& key) const;
    /// Before the item is run. The first call makes the restart come true for all of this run's
    /// items. Throws Failure when the disk is full.
    void start(const std::string& key);
    /// Of a result that is not good nothing is known to later runs. Throws Failure likewise.
    void record(const std::string& key, const ItemResult& result);
    /// Everything is done, and all that was asked for about it (summary, report) is written: the
    /// next run begins anew with this run's items, and pays. What is known of others stays.
    void finish();

private:
    struct State;
    explicit BatchJournal(std::unique_ptr<State> state);
    std::unique_ptr<State> state_;
};

}  // namespace editprep::tools::generate_batch_media
