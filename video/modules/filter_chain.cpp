#include "filter_chain.hpp"

#include <cmath>
#include <cstdint>

extern "C" {
#include <libavutil/pixdesc.h>
}

#include "filter_graph.hpp"

namespace editprep::video {
namespace {

/// A chain in the making.
class Chain {
public:
    void add(const std::string& filter) { text_ += (text_.empty() ? "" : ",") + filter; }
    [[nodiscard]] const std::string& text() const noexcept { return text_; }

private:
    std::string text_;
};

std::string seconds(std::chrono::microseconds time) { return std::to_string(time.count()) + "us"; }

std::string by(int width, int height, const char* between) {
    return std::to_string(width) + between + std::to_string(height);
}

void add_deinterlacing(Chain& chain, const AVFrame& first) {
    if (first.interlaced_frame != 0) {
        chain.add("bwdif=mode=send_frame:deint=interlaced");
    }
}

/// Time counts from where the result begins.
void add_start(Chain& chain, const TranscodeJob& job, const std::string& prefix) {
    if (job.start.count() > 0) {
        chain.add(prefix + "trim=start=" + seconds(job.start));
        chain.add(prefix + "setpts=PTS-" + std::to_string(job.start.count()) + "/1000000/TB");
    }
}

void add_pace(Chain& chain, const TranscodeJob& job) {
    add_start(chain, job, "");
    if (job.frame_rate) {
        const FrameRate& rate = *job.frame_rate;
        chain.add("fps=fps=" + by(rate.numerator, rate.denominator, "/") + ":start_time=0");
    }
    if (!job.length) {
        return;
    }
    if (job.frame_rate) {
        // Whole frames that end by then; the addend is for products such as 10 * 30000/1001.
        const double length_seconds = static_cast<double>(job.length->count()) / 1e6;
        const auto frames =
            static_cast<std::int64_t>(length_seconds * job.frame_rate->per_second() + 1e-6);
        chain.add("trim=end_frame=" + std::to_string(frames));
    } else {
        chain.add("trim=end=" + seconds(*job.length));
    }
}

bool is_rgb(const AVFrame& frame) {
    const AVPixFmtDescriptor* format =
        av_pix_fmt_desc_get(static_cast<AVPixelFormat>(frame.format));
    return format != nullptr && (format->flags & AV_PIX_FMT_FLAG_RGB) != 0;
}

FrameSize size_before_turn(FrameSize upright, int rotation_degrees) {
    const bool lies = rotation_degrees % 180 != 0;
    return lies ? FrameSize{upright.height, upright.width} : upright;
}

void add_scale(Chain& chain, const TranscodeJob& job, const AVFrame& first) {
    const FrameSize size = size_before_turn(job.size, job.rotation_degrees);
    std::string scale = "scale=" + by(size.width, size.height, ":") + ":flags=lanczos+accurate_rnd";
    if (job.tones == DynamicRange::sdr) {
        scale += ":out_range=tv";
        scale += is_rgb(first) ? ":out_color_matrix=bt709" : "";
    }
    chain.add(scale);
    chain.add("setsar=1");
}

// Lines.
constexpr int kFirstHighDefinition = 720;

/// Where nothing is said about the matrix, players go by the height: a picture that grows over this
/// border would change its colours.
const char* matrix_of(const TranscodeJob& job, const AVFrame& first) {
    const bool was_high = first.height >= kFirstHighDefinition;
    if (is_rgb(first)) {
        return "bt709";
    }
    if (first.colorspace != AVCOL_SPC_UNSPECIFIED ||
        was_high == (job.canvas.height >= kFirstHighDefinition)) {
        return nullptr;
    }
    return was_high ? "bt709" : "smpte170m";
}

/// @param format that it ends in, of standard range
void add_tone_mapping(Chain& chain, DynamicRange tones, const std::string& format) {
    const char* transfer = tones == DynamicRange::pq ? "smpte2084" : "arib-std-b67";
    chain.add(std::string("setparams=color_primaries=bt2020:colorspace=bt2020nc:color_trc=") +
              transfer);
    if (!has_filter("zscale") || !has_filter("tonemap")) {
        chain.add("scale=out_color_matrix=bt709:out_range=tv");
        chain.add("format=" + format);
        chain.add("setparams=range=tv:color_primaries=bt709:color_trc=bt709:colorspace=bt709");
        return;
    }
    // Light itself is what can be compressed; 100 cd/m2 is the white of standard range.
    chain.add("zscale=transfer=linear:npl=100");
    chain.add("format=gbrpf32le");
    chain.add("zscale=primaries=bt709");
    chain.add("tonemap=tonemap=hable:desat=0");
    chain.add("zscale=transfer=bt709:matrix=bt709:range=tv");
    chain.add("format=" + format);
}

void add_colours(Chain& chain, const TranscodeJob& job, const AVFrame& first) {
    if (job.tones != DynamicRange::sdr) {
        add_tone_mapping(chain, job.tones, "yuv420p");
        return;
    }
    chain.add("format=yuv420p");
    const char* matrix = matrix_of(job, first);
    chain.add("setparams=range=tv" +
              (matrix != nullptr ? std::string(":colorspace=") + matrix : ""));
}

void add_turn(Chain& chain, bool mirrored, int rotation_degrees) {
    // Half a turn is a flip in both directions, and two flips in one are none.
    if (mirrored != (rotation_degrees == 180)) {
        chain.add("hflip");
    }
    switch (rotation_degrees) {
        case 90:
            chain.add("transpose=clock");
            break;
        case 180:
            chain.add("vflip");
            break;
        case 270:
            chain.add("transpose=cclock");
            break;
        default:
            break;
    }
}

}  // namespace

std::string video_filters(const TranscodeJob& job, const AVFrame& first) {
    Chain chain;
    add_deinterlacing(chain, first);
    // Frames that fall out need no scaling.
    add_pace(chain, job);
    add_scale(chain, job, first);
    add_colours(chain, job, first);
    add_turn(chain, job.mirrored, job.rotation_degrees);
    if (job.canvas != job.size) {
        chain.add("pad=" + by(job.canvas.width, job.canvas.height, ":") + ":-1:-1:black");
    }
    return chain.text();
}

std::string poster_filters(const PosterJob& job, const AVFrame& frame) {
    Chain chain;
    add_deinterlacing(chain, frame);
    const FrameSize size = size_before_turn(job.size, job.rotation_degrees);
    const bool as_high_definition = !is_rgb(frame) && frame.colorspace == AVCOL_SPC_UNSPECIFIED &&
                                    frame.height >= kFirstHighDefinition;
    // Chroma in full: the picture is looked at, and nothing is encoded by halves.
    chain.add("scale=" + by(size.width, size.height, ":") +
              ":flags=bicubic+accurate_rnd+full_chroma_int+full_chroma_inp" +
              (as_high_definition ? ":in_color_matrix=bt709" : ""));
    if (job.tones != DynamicRange::sdr) {
        // Odd sides have no halves.
        chain.add("format=yuv444p10le");
        add_tone_mapping(chain, job.tones, "yuv444p");
    }
    chain.add("format=rgb24");
    add_turn(chain, job.mirrored, job.rotation_degrees);
    return chain.text();
}

std::string audio_filters(const TranscodeJob& job, int sample_rate, const std::string& channels) {
    Chain chain;
    add_start(chain, job, "a");
    chain.add("aresample=async=1:first_pts=0");
    chain.add("aformat=sample_fmts=fltp:sample_rates=" + std::to_string(sample_rate) +
              ":channel_layouts=" + channels);
    if (job.length) {
        chain.add("atrim=end=" + seconds(*job.length));
    }
    return chain.text();
}

}  // namespace editprep::video
