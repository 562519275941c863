using System.Text.Json.Nodes;
using Serverless.Inference;
using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Tokenizers;

public sealed class TokenizerLoadTests : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("tokenizer-");

    public void Dispose() => _folder.Delete(recursive: true);

    private void Write(string file, string content) => File.WriteAllText(Path.Combine(_folder.FullName, file), content);

    private Tokenizer Load(TokenizerLimits? limits = null) => Tokenizer.Load(_folder.FullName, limits);

    private string Rejection(TokenizerLimits? limits = null) => Assert.Throws<TokenizerException>(() => Load(limits)).Message;

    private static JsonObject Minimal() =>
        JsonNode
            .Parse(
                """
                {"model": {"type": "BPE", "vocab": {"a": 0, "b": 1, "ab": 2}, "merges": ["a b"]}}
                """
            )!
            .AsObject();

    [Fact]
    public void VocabularyFile_WithItsSettings_EqualsTheTokenizerFile()
    {
        Tokenizer full = TokenizerData.Load("wordpiece-cased");
        Tokenizer bare = TokenizerData.Load("wordpiece-cased-vocab");
        var expected = new TokenEncoding();
        var actual = new TokenEncoding();

        foreach (string text in TokenizerData.Corpus)
        {
            full.Encode(text, "and its pair", expected);
            bare.Encode(text, "and its pair", actual);
            Assert.Equal(expected.Ids, actual.Ids);
            Assert.Equal(expected.Offsets, actual.Offsets);
            Assert.Equal(expected.TypeIds, actual.TypeIds);
        }
    }

    [Fact]
    public void SharedVocabularyFile_EqualsItsTokenizerFile()
    {
        Tokenizer full = TokenizerData.Load("bert-base-uncased");
        File.Copy(Path.Combine(TokenizerData.FolderOf("bert-base-uncased"), "vocab.txt"), Path.Combine(_folder.FullName, "vocab.txt"));
        var expected = new TokenEncoding();
        var actual = new TokenEncoding();

        Tokenizer bare = Load();

        foreach (string text in TokenizerData.TextsFor("bert-base-uncased"))
        {
            full.Encode(text, expected);
            bare.Encode(text, actual);
            Assert.Equal(expected.Ids, actual.Ids);
        }
    }

    [Fact]
    public void TruncationOfTheFile_IsNotApplied()
    {
        Tokenizer tokenizer = TokenizerData.Load("wordpiece-uncased");

        Assert.Equal(302, tokenizer.CountTokens(string.Concat(Enumerable.Repeat("a ", 300))));
    }

    [Theory]
    [InlineData("normalizer", """{"type": "Leetspeak"}""", "Leetspeak")]
    [InlineData("normalizer", """{"type": "Sequence", "normalizers": [{"type": "NFC"}, {"type": "Rot13"}]}""", "normalizers[1].type")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "AAAA/wAA"}""", "precompiled_charsmap")]
    [InlineData("normalizer", """{"type": "Precompiled", "precompiled_charsmap": "!"}""", "base64")]
    [InlineData("pre_tokenizer", """{"type": "UnicodeScripts"}""", "UnicodeScripts")]
    [InlineData("pre_tokenizer", """{"type": "Metaspace", "replacement": "ab"}""", "one character")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "(?<=a)b"}, "behavior": "Isolated"}""", "(?<")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "\\p{Klingon}"}, "behavior": "Isolated"}""", "Klingon")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "(a*)*"}, "behavior": "Isolated"}""", "may be empty")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "[z-a]"}, "behavior": "Isolated"}""", "range")]
    [InlineData("pre_tokenizer", """{"type": "Split", "pattern": {"Regex": "((ab){999}){999}"}, "behavior": "Isolated"}""", "instructions")]
    [InlineData("post_processor", """{"type": "Diploma"}""", "Diploma")]
    [InlineData(
        "post_processor",
        """{"type": "TemplateProcessing", "single": [{"Sequence": {"id": "A"}}, {"SpecialToken": {"id": "X"}}], "pair": [], "special_tokens": {}}""",
        "special_tokens.X"
    )]
    [InlineData("post_processor", """{"type": "BertProcessing", "sep": ["[SEP]", -4], "cls": ["[CLS]", 0]}""", "-4")]
    [InlineData("added_tokens", """[{"id": 9, "content": "ab"}]""", "2")]
    [InlineData("added_tokens", """[{"id": 99999999, "content": "<x>"}]""", "99999999")]
    [InlineData("padding", """{"strategy": "BatchLongest", "pad_id": -1}""", "pad_id")]
    [InlineData("model", """{"type": "Markov"}""", "Markov")]
    [InlineData("model", """{"type": "BPE", "vocab": {}, "merges": []}""", "at least one token")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": ["a b"]}""", "'b'")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b"]}""", "'ab'")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0, "b": 1}, "merges": ["a b a"]}""", "merges[0]")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": -1}, "merges": []}""", "-1")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 2000000000}, "merges": []}""", "2000000000")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "dropout": 0.1}""", "dropout")]
    [InlineData("model", """{"type": "BPE", "vocab": {"a": 0}, "merges": [], "unk_token": "?"}""", "unk_token")]
    [InlineData("model", """{"type": "WordPiece", "vocab": {"a": 0}, "unk_token": "[UNK]"}""", "[UNK]")]
    [InlineData("model", """{"type": "Unigram", "vocab": [["a", 1e999]], "unk_id": 0}""", "finite")]
    [InlineData("model", """{"type": "Unigram", "vocab": [["a", 0.5]], "unk_id": 1}""", "unk_id")]
    [InlineData("model", """{"type": "Unigram", "vocab": []}""", "not 0")]
    [InlineData("model", """{"type": "Unigram", "vocab": [["\ud800", 0.5]]}""", "vocab[0]")]
    public void Rejects_WhatItCannotHonour_ByName(string part, string value, string named)
    {
        string json = Minimal().ToJsonString();
        json = part == "model" ? $$"""{"model": {{value}}}""" : $$"""{{json[..^1]}}, "{{part}}": {{value}}}""";
        Write("tokenizer.json", json);

        string message = Rejection();

        Assert.Contains(named, message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("null")]
    [InlineData("{\"model\": 3}")]
    public void Rejects_WhatIsNoTokenizerFile(string content)
    {
        Write("tokenizer.json", content);

        Assert.Contains("tokenizer.json", Rejection(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_JsonThatNestsTooDeep()
    {
        Write("tokenizer.json", string.Concat(Enumerable.Repeat("{\"a\":", 5000)));

        Assert.Contains("not valid JSON", Rejection(), StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_FilesAndTokensBeyondTheLimits()
    {
        Write("tokenizer.json", Minimal().ToJsonString());

        Assert.Contains("at most 10", Rejection(new TokenizerLimits { MaxFileBytes = 10 }), StringComparison.Ordinal);
        Assert.Contains("from 0 to 1", Rejection(new TokenizerLimits { MaxVocabulary = 2 }), StringComparison.Ordinal);
        Assert.Contains("2 characters", Rejection(new TokenizerLimits { MaxTokenLength = 1 }), StringComparison.Ordinal);
        Assert.Contains("at most 0 merges, not 1", Rejection(new TokenizerLimits { MaxMerges = 0 }), StringComparison.Ordinal);
        Assert.Contains(
            "tokens of more than 3 characters together",
            Rejection(new TokenizerLimits { MaxVocabularyCharacters = 3 }),
            StringComparison.Ordinal
        );
        Assert.Contains("more than 9 names", Rejection(new TokenizerLimits { MaxJsonTokens = 9 }), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("""{"do_lower_case": false}""", "do_lower_case")]
    [InlineData("""{"do_lower_case": true, "strip_accents": false}""", "strip_accents")]
    [InlineData("""{"do_lower_case": true, "strip_accents": null}""", null)]
    public void Notes_NameSettingsThatTheTokenizerFileContradicts(string settings, string? name)
    {
        JsonObject file = Minimal();
        file["normalizer"] = new JsonObject { ["type"] = "BertNormalizer", ["lowercase"] = true };
        Write("tokenizer.json", file.ToJsonString());
        Write("tokenizer_config.json", settings);

        IReadOnlyList<string> notes = Load().Notes;

        Assert.Equal(name is null ? [] : [$"tokenizer_config.json: {name} is not followed: tokenizer.json says the contrary."], notes);
    }

    /// <summary>One id over and over makes more tokens than ids allow.</summary>
    [Fact]
    public void Rejects_MoreTokensThanThereMayBeIds()
    {
        Write("tokenizer.json", """{"model": {"type": "BPE", "vocab": {"a": 0, "b": 0, "c": 0}, "merges": []}}""");

        Assert.Contains("more than 2 tokens", Rejection(new TokenizerLimits { MaxVocabulary = 2 }), StringComparison.Ordinal);
    }

    [Fact]
    public void Rejects_AFolderWithoutTokenizer_AndAVocabularyWithoutSpecialTokens()
    {
        Assert.Contains("neither tokenizer.json nor vocab.txt", Rejection(), StringComparison.Ordinal);

        Write("vocab.txt", "a\nb\n");

        Assert.Contains("[UNK]", Rejection(), StringComparison.Ordinal);
    }

    [Fact]
    public void Encode_WithAPatternThatBacktracksWithoutEnd_IsRejected()
    {
        JsonObject file = Minimal();
        file["pre_tokenizer"] = JsonNode.Parse("""{"type": "Split", "pattern": {"Regex": "(a|aa)+(a|aa)+c"}, "behavior": "Isolated"}""");
        Write("tokenizer.json", file.ToJsonString());
        Tokenizer tokenizer = Load();

        var fault = Assert.Throws<TokenizerException>(() => tokenizer.CountTokens(new string('a', 5000)));

        Assert.Contains("backtracks too much", fault.Message, StringComparison.Ordinal);
    }
}
