using System.Text;

namespace Serverless.Media.Sniffing;

/// <summary>Decides whether bytes without a signature are text, in which encoding, and in which markup.</summary>
internal static class TextSniffer
{
    public static MediaVerdict Sniff(ReadOnlySpan<byte> head, bool complete)
    {
        TextEncodingGuess guess = TextEncodingGuess.Of(head, complete);
        if (guess.Refusal is not null)
        {
            return MediaVerdict.Refuse(guess.Encoding is null ? "application/octet-stream" : "text/plain", guess.Refusal);
        }

        string text = guess.Encoding!.GetString(head[guess.PreambleBytes..]);
        if (string.IsNullOrWhiteSpace(text) && complete)
        {
            return MediaVerdict.Refuse("text/plain", "a text of white space only");
        }

        return Unwanted(text) ?? Markup(text, complete);
    }

    // Text that makes a program do something, or that only carries other media, is no text to read.
    private static MediaVerdict? Unwanted(string text)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        if (start.StartsWith("#EXTM3U", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("application/vnd.apple.mpegurl", "an HLS or M3U playlist");
        }
        if (start.StartsWith("ffconcat version", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("text/x-ffconcat", "an ffconcat script");
        }
        if (start.StartsWith("concat:", StringComparison.OrdinalIgnoreCase))
        {
            return MediaVerdict.Refuse("text/x-ffconcat", "an ffmpeg concat: protocol line");
        }
        if (start.StartsWith(";FFMETADATA", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("text/x-ffmetadata", "an ffmpeg metadata file");
        }
        if (start.StartsWith("[playlist]", StringComparison.OrdinalIgnoreCase))
        {
            return MediaVerdict.Refuse("audio/x-scpls", "a PLS playlist");
        }
        if (start.StartsWith("[reference]", StringComparison.OrdinalIgnoreCase))
        {
            return MediaVerdict.Refuse("video/x-ms-asf", "an ASX playlist");
        }
        if (start.StartsWith("WEBVTT", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("text/vtt", "a WebVTT subtitle file");
        }
        if (start.StartsWith("v=0", StringComparison.Ordinal) && text.Contains("\no=", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("application/sdp", "an SDP session description");
        }
        if (start.StartsWith("-----BEGIN ", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("application/x-pem-file", "a PEM key or certificate");
        }
        if (LooksLikeConcatList(start))
        {
            return MediaVerdict.Refuse("text/x-ffconcat", "an ffconcat script");
        }
        return null;
    }

    // The header of a concat list is optional for ffmpeg when its format is forced: lines of "file 'name'" only.
    private static bool LooksLikeConcatList(ReadOnlySpan<char> text)
    {
        bool any = false;
        foreach (ReadOnlySpan<char> line in text.EnumerateLines())
        {
            ReadOnlySpan<char> trimmed = line.Trim();
            if (trimmed.IsEmpty || trimmed[0] == '#')
            {
                continue;
            }
            bool file =
                trimmed.StartsWith("file '", StringComparison.Ordinal)
                || trimmed.StartsWith("file \"", StringComparison.Ordinal)
                || (
                    trimmed.StartsWith("file ", StringComparison.Ordinal)
                    && trimmed.Contains(':')
                    && !trimmed.Contains(": ", StringComparison.Ordinal)
                );
            if (
                !file
                && !(
                    any
                    && (
                        trimmed.StartsWith("duration ", StringComparison.Ordinal)
                        || trimmed.StartsWith("inpoint ", StringComparison.Ordinal)
                    )
                )
            )
            {
                return false;
            }
            any = true;
        }

        return any;
    }

    private static MediaVerdict Markup(string text, bool complete)
    {
        string? root = MarkupRoot.Find(text);
        if (root is not null)
        {
            return root switch
            {
                "svg" => MediaVerdict.Refuse("image/svg+xml", "an SVG image"),
                "mpd" => MediaVerdict.Refuse("application/dash+xml", "a DASH manifest"),
                "smil" or "asx" or "playlist" => MediaVerdict.Refuse("application/smil+xml", "a playlist in XML"),
                // XHTML says html; another root is of another language, though HTML may have an element of that name.
                not "html" when text.AsSpan().TrimStart().StartsWith("<?xml", StringComparison.OrdinalIgnoreCase) => MediaVerdict.Refuse(
                    "application/xml",
                    "an XML document"
                ),
                _ when MarkupRoot.IsHtml(root) => MediaVerdict.Accept(MediaKind.Text, "text/html"),
                _ => MarkdownOrPlain(text),
            };
        }

        return Json.Classify(text, complete) ?? MarkdownOrPlain(text);
    }

    private static MediaVerdict MarkdownOrPlain(string text) =>
        MediaVerdict.Accept(MediaKind.Text, MarkdownSigns.AreIn(text) ? "text/markdown" : "text/plain");
}
