using System.Formats.Tar;
using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Local.Stack;
using Serverless.Local.Stack.Models;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The registry as a person and a build meet it: over HTTP and at the terminal.</summary>
public sealed class ModelTests(SharedStack shared)
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task Samples_ServeEverywhere_FromTheStart()
    {
        JsonElement models = await Http.GetFromJsonAsync<JsonElement>("models", Cancellation);

        foreach (string name in new[] { "entities", "image-embedding", "image-labels", "text-embedding" })
        {
            JsonElement model = models.GetProperty("items").EnumerateArray().Single(m => m.GetProperty("name").GetString() == name);
            Assert.Equal(["dev", "prod", "qa"], model.GetProperty("serving").EnumerateObject().Select(e => e.Name).Order());
        }
        await shared.Stack.RegisterModelsAsync(Cancellation);
        JsonElement history = await Http.GetFromJsonAsync<JsonElement>("models/entities/history?environment=prod", Cancellation);
        Assert.Equal(1, history.GetProperty("items").GetArrayLength());
    }

    [Fact]
    public async Task Command_RegistersAFolder_Once()
    {
        string folder = Path.Combine(Checkout.SamplesModels, "image-labels", "1");

        (int code, string output) = await CommandAsync("end-to-end-folder", folder);
        (int again, string output2) = await CommandAsync("end-to-end-folder", folder);

        Assert.Equal((0, 0), (code, again));
        Assert.StartsWith("Registered end-to-end-folder/1: ImageClassification, ", output, StringComparison.Ordinal);
        Assert.StartsWith("Already registered as end-to-end-folder/1: ", output2, StringComparison.Ordinal);
        JsonElement version = await Http.GetFromJsonAsync<JsonElement>("models/end-to-end-folder/versions/1", Cancellation);
        Assert.Equal(0.5, version.GetProperty("manifest").GetProperty("metrics").GetProperty("f1").GetDouble());
    }

    [Theory]
    [InlineData("", "x", "NAME and FROM are both needed")]
    [InlineData("Wrong Name", "samples/models/entities/1", "'Wrong Name' is no name for a model")]
    [InlineData("fine", "no/such/place", "There is no 'no/such/place'")]
    [InlineData("fine", "README.md", "'README.md' is neither a .zip nor a .tar.gz file")]
    [InlineData("fine", "samples/media", "model.onnx and onnx/model.onnx: found neither")]
    [InlineData("fine", "tests/Data/models/labels-wrong-width/1", "expected 5 values for each image")]
    public async Task Command_ThatCannotBeDone_EndsWithOneLine(string name, string from, string message)
    {
        (int code, string output) = await CommandAsync(name, from);

        Assert.Equal(1, code);
        Assert.Contains(message, output.ReplaceLineEndings(" "), StringComparison.Ordinal);
        Assert.DoesNotContain("   at ", output, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AHostileArchive_IsRefusedWithAProblem()
    {
        using MemoryStream archive = new();
        await using (GZipStream gzip = new(archive, CompressionLevel.Fastest, leaveOpen: true))
        await using (TarWriter tar = new(gzip))
        {
            await tar.WriteEntryAsync(new PaxTarEntry(TarEntryType.SymbolicLink, "model.onnx") { LinkName = "/etc/passwd" }, Cancellation);
        }
        using ByteArrayContent body = new(archive.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/gzip") } };

        using HttpResponseMessage response = await Http.PostAsync(
            "models/end-to-end-hostile/versions",
            body.RequestedBy("tests"),
            Cancellation
        );

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "application/problem+json"),
            (response.StatusCode, response.Content.Headers.ContentType!.MediaType)
        );
        Assert.Contains(
            "found a link to '/etc/passwd'",
            (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
    }

    /// <summary>Faults that only a look at graph, configuration and tokenizer together finds.</summary>
    [Theory]
    [InlineData(
        "entities-wrong-width",
        null,
        "/new: model.onnx: found the output 'logits' Float[dynamic,dynamic,4]; expected 5 values for each token, one for each "
            + "label of config.json's id2label."
    )]
    [InlineData("boxes", "config.json", "/new: config.json: found \"strides\"")]
    [InlineData("text-mean", "vocab.txt", "rows for 'input_ids'; expected")]
    public async Task APackageThatDoesNotFitItsTask_IsRefusedWithAProblem(string package, string? changed, string message)
    {
        using MemoryStream archive = new();
        await using (ZipArchive zip = new(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            string folder = Path.Combine(Checkout.Root, "tests/Data/models", package, "1");
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                await using Stream entry = await zip.CreateEntry(Path.GetRelativePath(folder, file)).OpenAsync(Cancellation);
                await entry.WriteAsync(
                    Path.GetFileName(file) == changed
                        ? Changed(await File.ReadAllTextAsync(file, Cancellation))
                        : await File.ReadAllBytesAsync(file, Cancellation),
                    Cancellation
                );
            }
        }
        using ByteArrayContent body = new(archive.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };

        using HttpResponseMessage response = await Http.PostAsync(
            "models/end-to-end-unfit/versions",
            body.RequestedBy("tests"),
            Cancellation
        );

        Assert.Equal(
            (HttpStatusCode.UnprocessableEntity, "application/problem+json"),
            (response.StatusCode, response.Content.Headers.ContentType!.MediaType)
        );
        Assert.Contains(
            message,
            (await response.Content.ReadFromJsonAsync<JsonElement>(Cancellation)).GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );

        byte[] Changed(string text) =>
            Encoding.UTF8.GetBytes(
                changed == "vocab.txt"
                    ? text + "unheard\nof\n"
                    : text.Replace("\"strides\"", "\"strides\": [5], \"before\"", StringComparison.Ordinal)
            );
    }

    [Fact]
    public async Task Command_SignsAFolder_WhoseSignatureIsKept_AndNamesWhatCannotBeSigned()
    {
        string folder = Path.Combine(Checkout.Root, "artifacts", "end-to-end", "signed");
        if (Directory.Exists(folder))
        {
            Directory.Delete(folder, recursive: true);
        }
        FolderCopy.Make(Path.Combine(Checkout.SamplesModels, "image-labels", "1"), folder);
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string pem = Path.Combine(Path.GetDirectoryName(folder)!, "signed.pem");
        await File.WriteAllTextAsync(pem, key.ExportPkcs8PrivateKeyPem(), Cancellation);

        (int signed, string output) = await SignAsync(folder, pem);
        (int registered, _) = await CommandAsync("end-to-end-signed", folder);
        (int manifest, string unknown) = await SignAsync("end-to-end-signed/1", pem);
        (int noKey, string why) = await SignAsync(folder, "README.md");

        Assert.Equal((0, 0, 2, 2), (signed, registered, manifest, noKey));
        Assert.Equal($"Signed: {folder}/model.sig", output.Trim());
        JsonElement version = await Http.GetFromJsonAsync<JsonElement>("models/end-to-end-signed/versions/1", Cancellation);
        JsonElement signature = version.GetProperty("manifest").GetProperty("signature");
        // Nobody's signatures are configured to count here: neither the package's nor the manifest's.
        Assert.Equal(("key", false), (signature.GetProperty("method").GetString(), signature.GetProperty("isVerified").GetBoolean()));
        Assert.Contains("No environment demands signatures: Registry:PublicKeys has no key", unknown, StringComparison.Ordinal);
        Assert.StartsWith("README.md is not an ECDSA key in PEM: ", why, StringComparison.Ordinal);
    }

    private Task<(int Code, string Output)> SignAsync(string model, string key) =>
        Terminal.RunAsync(
            "dotnet",
            typeof(LocalStack).Assembly.Location,
            "sign",
            "--model",
            model,
            "--key",
            key,
            "--data",
            shared.Stack.Options.DataDirectory
        );

    private Task<(int Code, string Output)> CommandAsync(string name, string from) =>
        Terminal.RunAsync(
            "dotnet",
            typeof(LocalStack).Assembly.Location,
            "model",
            "--name",
            name,
            "--from",
            from,
            "--metric",
            "f1=0.5",
            "--data",
            shared.Stack.Options.DataDirectory,
            "--port",
            $"{shared.Stack.Options.Ports.Functions}"
        );
}
