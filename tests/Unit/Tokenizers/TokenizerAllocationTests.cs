using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Tokenizers;

/// <summary>Alone, since compiling what other tests begin with puts off the compiled code that allocates nothing.</summary>
[Collection(nameof(Alone))]
public sealed class TokenizerAllocationTests
{
    public static TheoryData<string> Names => [.. TokenizerData.Own];

    [Theory]
    [MemberData(nameof(Names))]
    public void Encode_OnceWarm_AllocatesNothing(string name)
    {
        Tokenizer tokenizer = TokenizerData.Load(name);
        string[] texts = TokenizerData.Corpus;
        var encoding = new TokenEncoding();
        var options = new EncodeOptions { MaxTokens = 64 };
        // The first tier of compiled code boxes inside the base class library; it is left behind after some rounds.
        long allocated = 1;
        for (int round = 0; round < 300 && allocated > 0; round++)
        {
            allocated = EncodeAll();
        }

        Assert.Equal(0, allocated);

        long EncodeAll()
        {
            long before = GC.GetAllocatedBytesForCurrentThread();
            foreach (string text in texts)
            {
                tokenizer.Encode(text, encoding);
                tokenizer.Encode(text, encoding, options);
                tokenizer.Encode(text, text, encoding, options);
                tokenizer.CountTokens(text);
            }
            return GC.GetAllocatedBytesForCurrentThread() - before;
        }
    }
}
