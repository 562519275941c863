using Serverless.Tokenizers.Models;

namespace Serverless.Tokenizers.Loading;

internal static class BytePairReader
{
    public static BytePairEncoding Read(FileElement element, TokenizerLimits limits)
    {
        FileElement dropout = element["dropout"];
        if (!dropout.IsNull && dropout.Real() != 0)
        {
            throw dropout.Reject("no dropout: the same text must always give the same tokens");
        }
        Vocabulary vocabulary = ModelReader.ReadVocabulary(element["vocab"], limits);
        FileElement unknown = element["unk_token"];
        var options = new BytePairOptions
        {
            Unknown = unknown.IsNull ? null : vocabulary.IdOf(unknown.Text()) ?? throw unknown.Reject("a token of the vocabulary"),
            FusesUnknown = element["fuse_unk"].Flag(false),
            FallsBackToBytes = element["byte_fallback"].Flag(false),
            IgnoresMerges = element["ignore_merges"].Flag(false),
            ContinuingPrefix = element["continuing_subword_prefix"].Text(""),
            WordSuffix = element["end_of_word_suffix"].Text(""),
        };
        FileElement merges = element["merges"];
        if (merges.Count > limits.MaxMerges)
        {
            throw merges.Reject($"at most {limits.MaxMerges} merges, not {merges.Count}");
        }
        var triples = new List<(int, int, int)>(merges.Count);
        foreach (FileElement merge in merges.Items())
        {
            triples.Add(ReadMerge(merge, vocabulary, options.ContinuingPrefix));
        }
        return new BytePairEncoding(vocabulary, new MergeTable(triples), options);
    }

    /// <summary>"left right" or ["left", "right"]; both and what they make must be tokens, so that merges end and never cycle.</summary>
    private static (int Left, int Right, int Merged) ReadMerge(FileElement merge, Vocabulary vocabulary, string prefix)
    {
        string[] parts = merge.IsArray ? [.. merge.Items().Select(part => part.Text())] : merge.Text().Split(' ');
        if (parts is not [{ Length: > 0 } left, { Length: > 0 } right])
        {
            throw merge.Reject("two tokens");
        }
        if (right.Length < prefix.Length)
        {
            throw merge.Reject($"a second token that begins with '{prefix}'");
        }
        string merged = left + right[prefix.Length..];
        return (Find(left), Find(right), Find(merged));

        int Find(string token) => vocabulary.IdOf(token) ?? throw merge.Reject($"only tokens of the vocabulary, which has no '{token}'");
    }
}
