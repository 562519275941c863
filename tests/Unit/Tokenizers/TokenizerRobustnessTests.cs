using System.Runtime.InteropServices;
using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Tokenizers;

public partial class TokenizerRobustnessTests
{
    public static TheoryData<string, string> HostileTexts()
    {
        var data = new TheoryData<string, string>();
        foreach (string name in TokenizerData.Own)
        {
            foreach (string unit in (string[])["a", "ab ", "é", "\u0301", "字", "😀", " ", "[", "\ud83d", "\u0327\u0301", "[MASK]", "1"])
            {
                data.Add(name, unit);
            }
        }
        return data;
    }

    /// <summary>
    /// 60,000 units in a few milliseconds each; quadratic work would take many seconds. Of this thread alone: others may keep it waiting.
    /// </summary>
    [Theory]
    [MemberData(nameof(HostileTexts))]
    public void Encode_OfALongRepetition_TakesLinearTime(string name, string unit)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        string text = string.Concat(Enumerable.Repeat(unit, 60_000 / unit.Length));
        var encoding = new TokenEncoding();
        TimeSpan before = ThreadProcessorTime();

        tokenizer.Encode(text, encoding);

        TimeSpan worked = ThreadProcessorTime() - before;
        Assert.True(worked < TimeSpan.FromSeconds(5), $"{worked.TotalMilliseconds} ms for {text.Length} units");
        foreach (TextSpan span in encoding.Offsets)
        {
            Assert.InRange(span.End, span.Start, text.Length);
        }
    }

    [Fact]
    public void Encode_OfAHugeText_ReadsNoFurtherThanItsTruncation()
    {
        Tokenizer tokenizer = TokenizerData.Load("wordpiece-uncased");
        string text = string.Concat(Enumerable.Repeat("some words in a row ", 500_000));
        var encoding = new TokenEncoding();
        long before = GC.GetAllocatedBytesForCurrentThread();

        tokenizer.Encode(text, encoding, new EncodeOptions { MaxTokens = 128 });

        Assert.Equal(128, encoding.Count);
        Assert.True(encoding.IsTruncated);
        Assert.InRange(GC.GetAllocatedBytesForCurrentThread() - before, 0, 1 << 20);
    }

    [Fact]
    public void Encode_FromManyThreads_GivesEachItsOwnTokens()
    {
        Tokenizer tokenizer = TokenizerData.Load("roberta");
        string[] texts = TokenizerData.Corpus;
        int[] expected = [.. texts.Select(text => tokenizer.CountTokens(text))];

        Parallel.For(0, texts.Length * 8, i =>
        {
            var encoding = new TokenEncoding();
            tokenizer.Encode(texts[i % texts.Length], encoding);
            Assert.Equal(expected[i % texts.Length], encoding.Count);
        });
    }

    [Fact]
    public void Arguments_ThatCannotBeMet_AreNamed()
    {
        Tokenizer tokenizer = TokenizerData.Load("wordpiece-uncased");
        var encoding = new TokenEncoding();
        tokenizer.Encode("the harbour was quiet", encoding);

        Assert.Throws<ArgumentException>(() => tokenizer.Encode("a", encoding, new EncodeOptions { MaxTokens = 1 }));
        Assert.Throws<ArgumentException>(() => tokenizer.EncodeWindows("a", [], new EncodeOptions { MaxTokens = 4, Stride = 2 }));
    }

    private static TimeSpan ThreadProcessorTime()
    {
        const int clockOfThread = 3; // CLOCK_THREAD_CPUTIME_ID; clock_gettime(2)
        Assert.Equal(0, ReadClock(clockOfThread, out Moment time));
        return TimeSpan.FromSeconds(time.Seconds) + TimeSpan.FromTicks(time.Nanoseconds / TimeSpan.NanosecondsPerTick);
    }

    private struct Moment
    {
        public long Seconds;
        public long Nanoseconds;
    }

    [LibraryImport("libc", EntryPoint = "clock_gettime")]
    private static partial int ReadClock(int clock, out Moment time);
}
