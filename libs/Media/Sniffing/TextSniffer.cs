using Serverless.Media.Text;

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

        return Unwanted(text) ?? Subtitles(text) ?? Markup(text, complete);
    }

    // Text that makes a program do something, or that only carries other media, is no text to read. Prose may begin with the same word, so
    // that all of the first line counts.
    private static MediaVerdict? Unwanted(string text)
    {
        ReadOnlySpan<char> start = text.AsSpan().TrimStart();
        int lineEnd = start.IndexOfAny(TextLines.Ends);
        ReadOnlySpan<char> line = (lineEnd < 0 ? start : start[..lineEnd]).TrimEnd();
        if (line is "#EXTM3U" || line.StartsWith("#EXTM3U ", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("application/vnd.apple.mpegurl", "an HLS or M3U playlist");
        }
        if (line.StartsWith("ffconcat version ", StringComparison.Ordinal) || LooksLikeConcatList(start))
        {
            return MediaVerdict.Refuse("text/x-ffconcat", "an ffconcat script");
        }
        if (line.StartsWith("concat:", StringComparison.OrdinalIgnoreCase) && !line.ContainsAny(' ', '\t'))
        {
            return MediaVerdict.Refuse("text/x-ffconcat", "an ffmpeg concat: protocol line");
        }
        if (line.StartsWith(";FFMETADATA", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("text/x-ffmetadata", "an ffmpeg metadata file");
        }
        if (line.Equals("[playlist]", StringComparison.OrdinalIgnoreCase))
        {
            return MediaVerdict.Refuse("audio/x-scpls", "a PLS playlist");
        }
        if (line.Equals("[reference]", StringComparison.OrdinalIgnoreCase))
        {
            return MediaVerdict.Refuse("video/x-ms-asf", "an ASX playlist");
        }
        if (line is "v=0" && text.Contains("\no=", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("application/sdp", "an SDP session description");
        }
        return Armoured(line);
    }

    private static MediaVerdict? Subtitles(string text) =>
        SubtitleLines.TypeOf(text) is { } mediaType ? MediaVerdict.Accept(MediaKind.Text, mediaType) : null;

    // RFC 7468 §2 and RFC 9580 §6.2; a signed message is the text of a person.
    private static MediaVerdict? Armoured(ReadOnlySpan<char> line)
    {
        const string Begin = "-----BEGIN ";
        if (!line.StartsWith(Begin, StringComparison.Ordinal) || !line.EndsWith("-----", StringComparison.Ordinal))
        {
            return null;
        }
        if (!line[Begin.Length..].StartsWith("PGP ", StringComparison.Ordinal))
        {
            return MediaVerdict.Refuse("application/x-pem-file", "a PEM key or certificate");
        }
        return line is "-----BEGIN PGP SIGNED MESSAGE-----"
            ? null
            : MediaVerdict.Refuse("application/pgp-encrypted", "an OpenPGP message or key");
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
