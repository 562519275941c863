using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using Serverless.Ingest;
using Serverless.Ingest.Ledgers;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The image of gpu-batch as <c>make images</c> makes it, at work as a cluster runs it but for the container engine.</summary>
public sealed class ImageTests
{
    private const string Version = "0.0.1-test";

    // As the chart runs it: a root that cannot be written, a folder for what is temporary, and nobody's user.
    private const string AsPod = """
        mount --bind "$1" "$1"; mount -o remount,ro,bind "$1"
        mount -t tmpfs -o mode=1777 tmpfs "$1/tmp"; mount -t proc proc "$1/proc"; mount --bind /dev "$1/dev"
        exec chroot --userspec="$2" "$1" "${@:3}"
        """;

    private static readonly TimeSpan Limit = TimeSpan.FromMinutes(5);

    private static string Release => Path.Combine(Checkout.Root, "artifacts", "release");

    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact(Explicit = true)]
    public async Task GpuBatch_OutOfItsImage_AnalysesAFilm_AndItsStatementsAreSigned()
    {
        string folder = Directory.CreateTempSubdirectory("image-").FullName;
        using ECDsa key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        string keyFile = Path.Combine(folder, "key.pem");
        await File.WriteAllTextAsync(keyFile, key.ExportPkcs8PrivateKeyPem(), Cancellation);

        await RunAsync("make", "images", $"VERSION={Version}", $"KEY={keyFile}");

        string layout = Directory.CreateDirectory(Path.Combine(folder, "layout")).FullName;
        await RunAsync("tar", "-xf", Path.Combine(Release, $"gpu-batch-{Version}.oci.tar"), "-C", layout);
        string digest = JsonDocument
            .Parse(await File.ReadAllBytesAsync(Path.Combine(layout, "index.json"), Cancellation))
            .RootElement.GetProperty("manifests")[0]
            .GetProperty("digest")
            .GetString()!;
        Assert.Contains(
            $"gpu-batch@{digest}",
            await File.ReadAllTextAsync(Path.Combine(Release, "images.txt"), Cancellation),
            StringComparison.Ordinal
        );
        JsonElement bill = Signed("sbom", digest, key);
        string[] packages = [.. bill.GetProperty("components").EnumerateArray().Select(one => one.GetProperty("name").GetString()!)];
        Assert.Contains("ffmpeg", packages);
        Assert.Contains("Microsoft.ML.OnnxRuntime", packages);
        Assert.Equal(
            40,
            Signed("provenance", digest, key)
                .GetProperty("buildDefinition")
                .GetProperty("resolvedDependencies")[0]
                .GetProperty("digest")
                .GetProperty("gitCommit")
                .GetString()!
                .Length
        );

        string unpacked = Path.Combine(folder, "unpacked");
        await RunAsync("umoci", "unpack", "--image", $"{layout}:{Version}", unpacked);
        JsonElement process = JsonDocument
            .Parse(await File.ReadAllBytesAsync(Path.Combine(unpacked, "config.json"), Cancellation))
            .RootElement.GetProperty("process");
        int user = process.GetProperty("user").GetProperty("uid").GetInt32();
        string[] entry = [.. process.GetProperty("args").EnumerateArray().Select(argument => argument.GetString()!)];
        Assert.Equal(1654, user);

        await using LocalStack stack = await OwnStack.StartAsync(OwnStack.Options("image") with { Workers = 0 });
        using PipelineClient client = new(stack);
        AssetSource film = await PipelineClient.UploadAsync(
            client.Azure,
            "coast-report.mp4",
            await File.ReadAllBytesAsync(Path.Combine(Checkout.SamplesMedia, "coast-report.mp4"), Cancellation),
            Cancellation
        );
        ProcessStartInfo start = new(
            "unshare",
            ["--mount", "bash", "-euc", AsPod, "pod", Path.Combine(unpacked, "rootfs"), $"{user}:{user}", .. entry]
        );
        foreach (string argument in (string[])["--queue", "gpu-jobs", "--data", "/tmp", "--until-empty"])
        {
            start.ArgumentList.Add(argument);
        }
        start.Environment["AzureWebJobsStorage"] = stack.AzureConnectionString;
        (int code, string output) = await Terminal.RunAsync(start);
        LedgerEntry settled = await Settled.ResultAsync(client, film, Limit, Cancellation);

        Assert.True(code == 0, output);
        Assert.True(settled.State == AssetState.Processed, $"{settled.State}: {settled.Failure?.Message}");
        Directory.Delete(folder, recursive: true);
    }

    /// <summary>What the envelope (DSSE 1.0) holds, once its signature is seen to be right and that it is about this image.</summary>
    private static JsonElement Signed(string kind, string digest, ECDsa key)
    {
        byte[] file = File.ReadAllBytes(Path.Combine(Release, $"gpu-batch-{Version}.{kind}.json"));
        JsonElement envelope = JsonDocument.Parse(file).RootElement;
        string type = envelope.GetProperty("payloadType").GetString()!;
        byte[] payload = envelope.GetProperty("payload").GetBytesFromBase64();
        byte[] signed = [.. Encoding.UTF8.GetBytes($"DSSEv1 {type.Length} {type} {payload.Length} "), .. payload];
        Assert.True(
            key.VerifyData(
                signed,
                envelope.GetProperty("signatures")[0].GetProperty("sig").GetBytesFromBase64(),
                HashAlgorithmName.SHA256,
                DSASignatureFormat.Rfc3279DerSequence
            )
        );
        JsonElement statement = JsonDocument.Parse(payload).RootElement;
        Assert.Equal(digest, "sha256:" + statement.GetProperty("subject")[0].GetProperty("digest").GetProperty("sha256").GetString());
        return statement.GetProperty("predicate");
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        (int code, string output) = await Terminal.RunAsync(program, arguments);
        Assert.True(code == 0, output);
    }
}
