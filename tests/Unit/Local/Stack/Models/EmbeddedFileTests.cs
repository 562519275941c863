using System.Reflection;
using Serverless.Local.Stack.Models.Fetched;
using Serverless.Tokenizers;
using Xunit;

namespace Serverless.Unit.Local.Stack.Models;

public sealed class EmbeddedFileTests : IDisposable
{
    private readonly string _copy = Path.GetTempFileName();

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Copy_EachResourceOfAnAssembly_IsWhatTheRuntimeReads()
    {
        Assembly assembly = typeof(Tokenizer).Assembly;
        Assert.NotEmpty(assembly.GetManifestResourceNames());
        foreach (string resource in assembly.GetManifestResourceNames())
        {
            await EmbeddedFile.CopyAsync(assembly.Location, resource, _copy, Ct);

            using MemoryStream expected = new();
            await assembly.GetManifestResourceStream(resource)!.CopyToAsync(expected, Ct);
            Assert.Equal(expected.ToArray(), await File.ReadAllBytesAsync(_copy, Ct));
        }
    }

    [Fact]
    public async Task Copy_ResourceThatIsNotThere_SaysSo()
    {
        FetchException e = await Assert.ThrowsAsync<FetchException>(() =>
            EmbeddedFile.CopyAsync(typeof(EmbeddedFileTests).Assembly.Location, "model.onnx", _copy, Ct)
        );

        Assert.Equal("Serverless.Unit.dll holds no model.onnx.", e.Message);
    }

    public void Dispose() => File.Delete(_copy);
}
