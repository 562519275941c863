using System.Text.Json;
using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Tokenizers;

/// <summary>The tokenizers of tests/Data, the texts that they are tried on, and what the reference said of them.</summary>
public static class TokenizerData
{
    /// <summary>Those made by tests/Data/tokenizers/make_tokenizers.py.</summary>
    public static string[] Own { get; } =
    ["clip", "gpt2-prefix", "llama2", "llama3", "plain-bpe", "roberta", "t5", "wordpiece-cased", "wordpiece-uncased", "xlm-roberta"];

    /// <summary>Of ../shared/data; a test of one is skipped where that is absent.</summary>
    public static string[] Shared { get; } = ["bert-base-uncased", "bge-small-en"];

    public static string[] All { get; } = [.. Own, .. Shared];

    public static string FolderOf(string name)
    {
        if (!Shared.Contains(name))
        {
            return SourceTree.PathOf($"tests/Data/tokenizers/{name}");
        }
        string folder = SharedPath($"tokenizers/{name}");
        Assert.SkipUnless(Directory.Exists(folder), $"../shared/data/tokenizers/{name} is absent.");
        return folder;
    }

    public static string SharedPath(string path) => SourceTree.PathOf($"../shared/data/{path}");

    public static Tokenizer Load(string name) => Tokenizer.Load(FolderOf(name));

    /// <summary>The corpus, and the naughty strings too for the tokenizers of ../shared/data.</summary>
    public static string[] TextsFor(string name)
    {
        string[] corpus = Corpus;
        return Shared.Contains(name) ? [.. corpus, .. ReadStrings(SharedPath("text/blns.json"))] : corpus;
    }

    public static string[] Corpus => ReadStrings(SourceTree.PathOf("tests/Data/tokenizers/corpus.json"));

    public static Recording ReadRecording(string name)
    {
        string path = SourceTree.PathOf($"tests/Data/tokenizers/expected/{name}.json");
        return JsonSerializer.Deserialize<Recording>(File.ReadAllBytes(path), JsonSerializerOptions.Web)!;
    }

    /// <summary>What record.mjs wrote; it says in what form.</summary>
    public sealed record Recording(string[] Texts, int[] Deviations, string[] Pairs, string[] Truncated, string[][] Windows);

    /// <summary>Corpora hold halves of surrogate pairs, which JSON text cannot give as strings: they are unescaped by hand.</summary>
    private static string[] ReadStrings(string path)
    {
        using JsonDocument document = JsonDocument.Parse(File.ReadAllBytes(path));
        return [.. document.RootElement.EnumerateArray().Select(item => Unescape(item.GetRawText()[1..^1]))];
    }

    private static string Unescape(string raw)
    {
        var text = new System.Text.StringBuilder();
        for (int i = 0; i < raw.Length; i++)
        {
            if (raw[i] != '\\')
            {
                text.Append(raw[i]);
                continue;
            }
            i++;
            if (raw[i] == 'u')
            {
                text.Append((char)Convert.ToInt32(raw.Substring(i + 1, 4), 16));
                i += 4;
                continue;
            }
            text.Append(
                raw[i] switch
                {
                    'n' => '\n',
                    'r' => '\r',
                    't' => '\t',
                    'b' => '\b',
                    'f' => '\f',
                    var other => other,
                }
            );
        }
        return text.ToString();
    }
}
