#include "box_walk/sample_table.hpp"

#include <algorithm>
#include <cstddef>

#include "box_walk/arithmetic.hpp"

namespace editprep::video::box_walk {
namespace {

// More than an hour of sound; FFmpeg's module has limits of its own further up.
constexpr std::int64_t kMostSamples = 1'000'000;
constexpr std::int64_t kLargestSample = 0x3FFF'FFFF;

/// Version and flags, which say nothing here, then the number of entries of `entry_bytes` that
/// follow.
std::int64_t begin_table(Fields& fields, std::size_t entry_bytes) {
    fields.skip(4);
    const std::uint32_t count = fields.u32();
    be_sure(count <= kMostSamples && fields.left() >= count * entry_bytes);
    return count;
}

/// A number of samples in a row that have a value in common.
struct Run {
    std::int64_t count = 0;
    std::int64_t value = 0;
};

/// Goes through the runs of `stts` or `ctts` sample by sample.
class Runs {
public:
    explicit Runs(Bytes box) : fields_(box), left_(begin_table(fields_, 8)) {}

    [[nodiscard]] bool at_end() const noexcept { return left_ == 0; }

    Run next() {
        const Run run{fields_.u32(), fields_.i32()};
        be_sure(left_-- > 0 && run.count > 0 && run.count <= kMostSamples);
        return run;
    }

    std::int64_t next_value() {
        if (current_.count == 0) {
            current_ = next();
        }
        --current_.count;
        return current_.value;
    }

private:
    Fields fields_;
    std::int64_t left_;
    Run current_{};
};

void read_times(Bytes stts, SampleTable& table) {
    Runs runs(stts);
    std::int64_t run_count = 0;
    Run run;
    for (; !runs.at_end(); ++run_count) {
        run = runs.next();
        // FFmpeg corrects times that run backwards.
        be_sure(run.value >= 0);
        table.shortest_duration = std::min(table.shortest_duration, run.value);
        if (run_count == 0) {
            table.steady_duration = run.value;
        } else if (run_count > 1 || run.count > 1) {
            table.steady_duration.reset();
        }
        table.sample_count += run.count;
        be_sure(table.sample_count <= kMostSamples);
        table.duration = sum(table.duration, product(run.count, run.value));
        // From the last frame there is no step, which is known to be the last only at the end.
        table.steps.add(run.value, runs.at_end() ? run.count - 1 : run.count);
    }
}

/// The sizes of the samples, one after the other.
class SampleSizes {
public:
    SampleSizes(Bytes stsz, std::int64_t least_bytes) : fields_(stsz) {
        fields_.skip(4);
        common_ = fields_.u32();
        count_ = fields_.u32();
        if (common_ > 0) {
            common_ = std::max(common_, least_bytes);
            be_sure(common_ <= kLargestSample);
        } else {
            be_sure(count_ <= kMostSamples && std::int64_t(fields_.left()) >= 4 * count_);
        }
    }

    [[nodiscard]] std::int64_t count() const noexcept { return count_; }

    /// Of the next samples together.
    std::int64_t next(std::int64_t samples) {
        if (common_ > 0) {
            return product(common_, samples);
        }
        std::int64_t bytes = 0;
        for (; samples > 0; --samples) {
            const std::uint32_t size = fields_.u32();
            be_sure(size <= kLargestSample);
            bytes += size;
        }
        return bytes;
    }

private:
    Fields fields_;
    std::int64_t common_ = 0;
    std::int64_t count_ = 0;
};

/// How many samples the chunks have, one after the other.
class ChunkSamples {
public:
    explicit ChunkSamples(Bytes stsc) : fields_(stsc), left_(begin_table(fields_, 12)) {
        be_sure(left_ > 0);
        read_entry();
        be_sure(next_first_ == 1);
    }

    /// True when every entry was used.
    [[nodiscard]] bool used_up() const noexcept { return left_ == 0 && next_first_ == 0; }

    std::int64_t next() {
        ++chunk_;
        if (chunk_ == next_first_) {
            samples_ = next_samples_;
            next_first_ = 0;
            if (left_ > 0) {
                read_entry();
                be_sure(next_first_ > chunk_);
            }
        }
        return samples_;
    }

private:
    void read_entry() {
        --left_;
        next_first_ = fields_.u32();
        next_samples_ = fields_.u32();
        // All samples are of the one kind that is described.
        be_sure(fields_.u32() == 1 && next_samples_ > 0 && next_samples_ <= kMostSamples);
    }

    Fields fields_;
    std::int64_t left_;
    std::int64_t chunk_ = 0;
    std::int64_t samples_ = 0;
    std::int64_t next_first_ = 0;
    std::int64_t next_samples_ = 0;
};

void be_sure_of_offsets(Bytes ctts, std::int64_t sample_count) {
    // FFmpeg takes greater ones for damage.
    constexpr std::int64_t kMost = 1 << 28;
    for (Runs runs(ctts); !runs.at_end();) {
        const Run run = runs.next();
        be_sure(run.value > -kMost && run.value < kMost);
        sample_count -= run.count;
    }
    be_sure(sample_count == 0);
}

void read_places(const SampleBoxes& boxes, std::int64_t least_bytes, SampleTable& table) {
    SampleSizes sizes(boxes.sizes, least_bytes);
    be_sure(sizes.count() == table.sample_count);
    ChunkSamples chunks(boxes.chunks);
    Fields positions(boxes.positions);
    std::int64_t left = begin_table(positions, boxes.wide_positions ? 8 : 4);
    std::int64_t samples = 0;
    for (; left > 0; --left) {
        const std::int64_t count = chunks.next();
        samples += count;
        be_sure(samples <= table.sample_count);
        const std::int64_t begin =
            boxes.wide_positions ? positions.positive64() : std::int64_t{positions.u32()};
        table.media.begin = std::min(table.media.begin, begin);
        table.media.end = std::max(table.media.end, sum(begin, sizes.next(count)));
    }
    be_sure(samples == table.sample_count && chunks.used_up());
}

}  // namespace

bool take_sample_box(SampleBoxes& boxes, const Box& box) {
    switch (box.type) {
        case four_letters("stts"):
            take_once(boxes.times, box);
            return true;
        case four_letters("ctts"):
            take_once(boxes.offsets, box);
            return true;
        case four_letters("stsc"):
            take_once(boxes.chunks, box);
            return true;
        case four_letters("stsz"):
            take_once(boxes.sizes, box);
            return true;
        case four_letters("co64"):
            boxes.wide_positions = true;
            [[fallthrough]];
        case four_letters("stco"):
            take_once(boxes.positions, box);
            return true;
        default:
            return false;
    }
}

SampleTable read_sample_table(const SampleBoxes& boxes, std::int64_t least_bytes) {
    SampleTable table;
    read_times(boxes.times, table);
    if (boxes.offsets.data() != nullptr) {
        be_sure_of_offsets(boxes.offsets, table.sample_count);
    }
    if (table.sample_count > 0) {
        read_places(boxes, least_bytes, table);
        return table;
    }
    // Announced, and never used, or told of in fragments.
    Fields chunks(boxes.chunks);
    Fields positions(boxes.positions);
    be_sure(SampleSizes(boxes.sizes, 0).count() == 0 && begin_table(chunks, 12) == 0 &&
            begin_table(positions, 4) == 0);
    return table;
}

std::optional<Edit> read_edit_list(Bytes elst, std::int64_t track_scale, std::int64_t movie_scale) {
    Fields fields(elst);
    const int version = fields.u8();
    fields.skip(3);
    const std::uint32_t count = fields.u32();
    be_sure(version <= 1 && count <= 2 && fields.left() == count * (version == 1 ? 20U : 12U));
    Edit edit;
    for (std::uint32_t i = 0; i < count; ++i) {
        edit.duration = rescale(fields.positive(version), track_scale, movie_scale);
        edit.whole_duration = sum(edit.whole_duration, edit.duration);
        edit.media_begin = version == 1 ? static_cast<std::int64_t>(fields.u64()) : fields.i32();
        fields.skip(4);
        const bool is_last = i + 1 == count;
        be_sure(is_last ? edit.media_begin >= 0 : edit.media_begin == -1);
    }
    static_cast<void>(sum(edit.media_begin, edit.duration));
    return count > 0 ? std::optional(edit) : std::nullopt;
}

bool keeps_all_samples(const SampleBoxes& boxes, const Edit& edit) {
    const std::int64_t end = edit.media_begin + edit.duration;
    const bool reordered = boxes.offsets.data() != nullptr;
    Runs durations(boxes.times);
    std::optional<Runs> offsets;
    if (reordered) {
        offsets.emplace(boxes.offsets);
    }
    std::int64_t decoded = 0;
    int reaching_end = 0;
    SampleTable table;
    read_times(boxes.times, table);
    for (std::int64_t i = 0; i < table.sample_count; ++i) {
        const std::int64_t duration = durations.next_value();
        const std::int64_t offset = offsets ? offsets->next_value() : 0;
        const std::int64_t shown = decoded + offset;
        // FFmpeg begins with the last key frame that is shown at the beginning at the latest.
        const bool could_begin = shown == edit.media_begin && i > 0;
        if (shown < edit.media_begin || shown >= end || could_begin) {
            return false;
        }
        // FFmpeg stops at a key frame that lasts to the end, at the second of those when frames are
        // reordered.
        const bool is_last = i + 1 == table.sample_count;
        reaching_end += !is_last && shown + duration >= end ? 1 : 0;
        decoded += duration;
    }
    return reaching_end <= (reordered ? 1 : 0);
}

}  // namespace editprep::video::box_walk
