namespace Serverless.Media.Text;

/// <summary>The readable text of a file, with the way back from every place in it to the decoded original. Immutable.</summary>
public sealed class TextDocument
{
    /// <summary>Bytes of memory that each byte of a file takes while it is read: a text of 31 MB took 285 MB.</summary>
    public const int BytesToRead = 10;

    private readonly TextMap _map;

    private TextDocument(string original, string encoding, ExtractedText extracted, IReadOnlyList<TextRange> sentences)
    {
        Original = original;
        Encoding = encoding;
        Normalised = extracted.Text;
        _map = extracted.Map;
        Warnings = extracted.Warnings;
        Sentences = sentences;
    }

    /// <summary>The whole file as decoded, without byte order mark; the offsets of findings refer to it.</summary>
    public string Original { get; }

    /// <summary>IANA name of the encoding it was decoded from.</summary>
    public string Encoding { get; }

    /// <summary>Text without markup, one paragraph a line, white space collapsed, invisible characters removed.</summary>
    public string Normalised { get; }

    /// <summary>Sentences in order, as ranges of <see cref="Normalised"/>; none spans two paragraphs.</summary>
    public IReadOnlyList<TextRange> Sentences { get; }

    /// <summary>What could not be read and was left out, such as a broken line of JSON lines.</summary>
    public IReadOnlyList<string> Warnings { get; }

    /// <param name="mediaType">As the sniffer named it: text/plain, text/html, text/markdown, text/vtt, application/x-subrip or
    /// application/jsonl.</param>
    /// <exception cref="MediaRejectedException">Too large, too intricate, not decodable, or without any text.</exception>
    public static TextDocument Read(ReadOnlyMemory<byte> bytes, string mediaType, TextOptions options, CancellationToken cancellationToken)
    {
        if (bytes.Length > options.MaxBytes)
        {
            throw new MediaRejectedException(
                MediaFault.TooLarge,
                $"Found a text of {bytes.Length:N0} bytes; allowed are {options.MaxBytes:N0}."
            );
        }

        (string original, string encoding) = TextDecoding.Decode(bytes.Span);
        var steps = new ReadingSteps(original.Length, cancellationToken);
        ExtractedText extracted = Extract(original, mediaType, steps);
        if (extracted.Text.Length == 0)
        {
            // As the sniffer says of an empty file.
            throw new MediaRejectedException(
                MediaFault.Unsupported,
                $"Found {bytes.Length:N0} bytes of {mediaType} without any readable text; allowed are files with at least one word."
            );
        }

        IReadOnlyList<TextRange> sentences = SentenceSegmenter.Split(extracted.Text, options.MaxSentenceLength, steps);
        return new TextDocument(original, encoding, extracted, sentences);
    }

    /// <summary>The bytes of a text file as characters, in the encodings that texts are read in.</summary>
    /// <exception cref="MediaRejectedException">It is no text, or of another encoding.</exception>
    public static string Decode(ReadOnlySpan<byte> bytes) => TextDecoding.Decode(bytes).Text;

    /// <summary>The part of <see cref="Original"/> that a range of <see cref="Normalised"/> was read from.</summary>
    public TextRange OriginalRange(TextRange normalised) => _map.ToOriginal(normalised);

    public ReadOnlySpan<char> Slice(TextRange normalised) => Normalised.AsSpan(normalised.Start, normalised.Length);

    internal static ExtractedText Extract(string original, string mediaType, ReadingSteps steps) =>
        mediaType switch
        {
            "text/plain" => PlainText.Extract(original, steps),
            "text/html" => HtmlText.Extract(original, steps),
            "text/markdown" => MarkdownText.Extract(original, steps),
            SubtitleLines.WebVtt or SubtitleLines.SubRip => SubtitleLines.Extract(original, steps),
            "application/jsonl" => JsonLinesText.Extract(original, steps),
            _ => throw new ArgumentException(
                $"'{mediaType}' is none of text/plain, text/html, text/markdown, text/vtt, application/x-subrip, application/jsonl.",
                nameof(mediaType)
            ),
        };
}
