using System.Text.Json;

namespace Serverless.Tokenizers.Loading;

/// <summary>Finds and reads the files of a package that make its tokenizer.</summary>
internal static class TokenizerLoader
{
    private static readonly JsonDocumentOptions JsonRules = new() { MaxDepth = 32 };

    /// <summary>A file is many times its size while it is read, and packages are read by many at once.</summary>
    private static readonly Lock OneAtATime = new();

    public static TokenizerDefinition Load(string directory, TokenizerLimits limits)
    {
        lock (OneAtATime)
        {
            return Read(directory, limits);
        }
    }

    private static TokenizerDefinition Read(string directory, TokenizerLimits limits)
    {
        string full = Path.Combine(directory, "tokenizer.json");
        string vocabulary = Path.Combine(directory, "vocab.txt");
        using JsonDocument? configDocument = TryRead(Path.Combine(directory, "tokenizer_config.json"), limits);
        var config = new FileElement(configDocument?.RootElement ?? default, "tokenizer_config.json");
        TokenizerDefinition definition;
        if (File.Exists(full))
        {
            using JsonDocument document = TryRead(full, limits)!;
            FileElement root = new(document.RootElement, "tokenizer.json");
            definition = TokenizerFile.Read(root, limits) with { Notes = [.. Compare(config, root["normalizer"])] };
        }
        else if (File.Exists(vocabulary))
        {
            definition = VocabularyFile.Read(vocabulary, config, limits);
        }
        else
        {
            throw new TokenizerException($"'{directory}' holds neither tokenizer.json nor vocab.txt; one of them is needed.");
        }
        return definition with
        {
            PadId = definition.PadId ?? FindPadId(config, definition),
            TruncationSide = TokenizerFile.ReadSide(config["truncation_side"]) ?? definition.TruncationSide,
        };
    }

    internal static void CheckLength(string path, TokenizerLimits limits)
    {
        long length = new FileInfo(path).Length;
        if (length > limits.MaxFileBytes)
        {
            throw new TokenizerException($"{Path.GetFileName(path)} has {length} bytes; at most {limits.MaxFileBytes} are allowed.");
        }
    }

    private static JsonDocument? TryRead(string path, TokenizerLimits limits)
    {
        if (!File.Exists(path))
        {
            return null;
        }
        CheckLength(path, limits);
        try
        {
            byte[] json = File.ReadAllBytes(path);
            CheckTokens(json, path, limits);
            return JsonDocument.Parse(json, JsonRules);
        }
        catch (JsonException fault)
        {
            throw new TokenizerException($"{Path.GetFileName(path)} is not valid JSON: {fault.Message}", fault);
        }
    }

    /// <summary>Settings that both files may have; transformers takes those of tokenizer_config.json (BertTokenizerFast).</summary>
    private static IEnumerable<string> Compare(FileElement config, FileElement normalizer)
    {
        if (!normalizer["type"].IsString || normalizer["type"].Text() != "BertNormalizer")
        {
            yield break;
        }
        bool lowercases = normalizer["lowercase"].Flag(true);
        foreach (
            (string name, bool followed) in new[]
            {
                ("do_lower_case", lowercases),
                ("tokenize_chinese_chars", normalizer["handle_chinese_chars"].Flag(true)),
                ("strip_accents", normalizer["strip_accents"].Flag(lowercases)),
            }
        )
        {
            if (config[name].Flag(followed) != followed)
            {
                yield return $"tokenizer_config.json: {name} is not followed: tokenizer.json says the contrary.";
            }
        }
    }

    private static void CheckTokens(ReadOnlySpan<byte> json, string path, TokenizerLimits limits)
    {
        int tokens = 0;
        for (var reader = new Utf8JsonReader(json, new JsonReaderOptions { MaxDepth = JsonRules.MaxDepth }); reader.Read(); )
        {
            if (++tokens > limits.MaxJsonTokens)
            {
                throw new TokenizerException(
                    $"{Path.GetFileName(path)} has more than {limits.MaxJsonTokens} names, values and brackets; no more are allowed."
                );
            }
        }
    }

    private static int? FindPadId(FileElement config, TokenizerDefinition definition)
    {
        string?[] names = [NameOf(config["pad_token"]), "[PAD]", "<pad>"];
        return names.OfType<string>().Select(name => IdOf(name, definition)).FirstOrDefault(found => found != null);
    }

    /// <summary>The content of a token that a configuration names, plainly or as an object.</summary>
    internal static string? NameOf(FileElement token) =>
        token.IsString ? token.Text()
        : token["content"].IsString ? token["content"].Text()
        : null;

    private static int? IdOf(string token, TokenizerDefinition definition) =>
        definition.AddedTokens.FirstOrDefault(added => added.Content == token)?.Id ?? definition.Model.Vocabulary.IdOf(token);
}
