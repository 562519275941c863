using Serverless.Packages;
using Serverless.Tokenizers;

namespace Serverless.Inference.Text;

/// <summary>A package's tokenizer with the length that its model takes. Immutable and thread-safe.</summary>
internal sealed class TextEncoder
{
    /// <summary>What BERT and most encoders after it take; for packages that name no length anywhere.</summary>
    private const int CustomaryTokens = 512;

    private readonly EncodeOptions _truncated;
    private readonly EncodeOptions _windowed;
    private readonly string? _prompt;

    public TextEncoder(ModelPackage package)
    {
        Tokenizer = Load(package);
        PadId = package.Config.PadTokenId ?? Tokenizer.PadId;
        MaxTokens = FindMaxTokens(package);
        int room = MaxTokens - Tokenizer.SpecialTokenCount();
        if (room < 2)
        {
            throw package.Files.Reject(
                "config.json",
                $"{MaxTokens} tokens at most, of which {Tokenizer.SpecialTokenCount()} are special",
                "room for 2 tokens of text"
            );
        }
        if (package.Config.VocabularySize is { } size && Tokenizer.VocabularySize > size)
        {
            throw package.Files.Reject("config.json", $"\"vocab_size\": {size}", $"{Tokenizer.VocabularySize}, the tokenizer's, or more");
        }
        string ids = package.Text!.Inputs.First(i => i.Role == TextInputRole.Ids).Name;
        if (package.Graph.Model.TableRows.TryGetValue(ids, out long rows) && Tokenizer.VocabularySize > rows)
        {
            throw package.Graph.Reject(
                $"a table of {rows} rows for '{ids}'",
                $"{Tokenizer.VocabularySize} or more, since the tokenizer's highest id is {Tokenizer.VocabularySize - 1}"
            );
        }
        int pairRoom = MaxTokens - Tokenizer.SpecialTokenCount(isPair: true);
        if (package.Task == ModelTask.Reranking && pairRoom < 2)
        {
            throw package.Files.Reject(
                "config.json",
                $"{MaxTokens} tokens at most, special ones of a pair included",
                "room for 2 tokens of text"
            );
        }
        _prompt = package.Prompt;
        _truncated = new EncodeOptions { MaxTokens = MaxTokens, TruncationSide = Tokenizer.TruncationSide };
        _windowed = _truncated with { Stride = room / 4 };
    }

    public Tokenizer Tokenizer { get; }

    public int PadId { get; }

    /// <summary>Special tokens included.</summary>
    public int MaxTokens { get; }

    /// <summary>Nothing where the tokenizer knows everything.</summary>
    public TokenCounts Count(TokenSequences sequences) => Tokenizer.UnknownId is { } unknown ? sequences.CountTokens(unknown) : default;

    public TokenSequences Encode(IReadOnlyList<string> texts) =>
        Translate(() =>
        {
            var sequences = new TokenSequences();
            var encoding = new TokenEncoding();
            foreach (string text in texts)
            {
                Tokenizer.Encode(_prompt + text, encoding, _truncated);
                sequences.Add(encoding);
            }
            return sequences;
        });

    /// <summary>One sequence for each document, behind the query; the longer of the two gives way.</summary>
    public TokenSequences EncodePairs(string query, IReadOnlyList<string> documents) =>
        Translate(() =>
        {
            var sequences = new TokenSequences();
            var encoding = new TokenEncoding();
            foreach (string document in documents)
            {
                Tokenizer.Encode(query, document, encoding, _truncated);
                sequences.Add(encoding);
            }
            return sequences;
        });

    public TextWindows EncodeWindows(IReadOnlyList<string> texts) =>
        Translate(() =>
        {
            var windows = new TextWindows();
            var encodings = new List<TokenEncoding>();
            foreach (string text in texts)
            {
                int count = Tokenizer.EncodeWindows(text, encodings, _windowed);
                for (int i = 0; i < count; i++)
                {
                    windows.Add(encodings[i], repeated: i == 0 ? 0 : _windowed.Stride);
                }
                windows.EndText();
            }
            return windows;
        });

    /// <summary>A text that the tokenizer cannot encode shows a fault of the package that brought the tokenizer.</summary>
    private static T Translate<T>(Func<T> encode)
    {
        try
        {
            return encode();
        }
        catch (TokenizerException e)
        {
            throw new ModelRejectedException(e.Message, e);
        }
    }

    private static Tokenizer Load(ModelPackage package)
    {
        if (!package.Files.Has("tokenizer.json") && !package.Files.Has("vocab.txt"))
        {
            throw package.Files.Reject("tokenizer.json and vocab.txt", "neither", "one of them");
        }
        try
        {
            return Tokenizer.Load(package.Directory, new TokenizerLimits { MaxFileBytes = package.Limits.MaxTokenizerBytes });
        }
        catch (TokenizerException e)
        {
            throw new ModelRejectedException($"Model package {package.Name}/{package.Version}: {e.Message}", e);
        }
    }

    private static int FindMaxTokens(ModelPackage package)
    {
        double?[] lengths =
        [
            package.Text!.FixedLength,
            package.Config.MaxTokens,
            package.Files.FindJson("sentence_bert_config.json")?.Integer("max_seq_length"),
            package.Files.FindJson("tokenizer_config.json")?.Number("model_max_length"), // 1e30 where nobody knew
        ];
        return (int)Math.Min(lengths.Min() ?? CustomaryTokens, package.Limits.MaxTokens);
    }
}
