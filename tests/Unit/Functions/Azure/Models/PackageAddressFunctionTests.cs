using System.Text.Json;
using Serverless.Functions.Azure.Http;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Inference;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;
using static Serverless.Unit.Registry.Intake.TestArchives;

namespace Serverless.Unit.Functions.Azure.Models;

public sealed class PackageAddressFunctionTests(SharedServers servers)
{
    private static readonly HttpClient Http = new();

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory, InlineData("zip"), InlineData("tar.gz")]
    public async Task Archive_PutAtTheAddress_RegistersFromThere(string format)
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelsApi api = new(rig);
        byte[] archive = format == "zip" ? Zip(FilesOf("labels")) : Tar(FilesOf("labels"));

        (int given, JsonElement upload) = await ModelsApi.AnswerAsync(
            api.Addresses.RunAsync(ModelsApi.Request($"?format={format}"), rig.Name, Token)
        );
        using ByteArrayContent content = new(archive);
        content.Headers.Add("x-ms-blob-type", upload.GetProperty("headers").GetProperty("x-ms-blob-type").GetString());
        using HttpResponseMessage put = await Http.PutAsync(upload.GetProperty("address").GetString(), content, Token);
        string from = upload.GetProperty("from").GetString()!;
        (int registered, JsonElement manifest) = await ModelsApi.AnswerAsync(
            api.Register.RunAsync(ModelsApi.Json($$"""{"from":"{{from}}"}"""), rig.Name, Token)
        );

        Assert.True(put.IsSuccessStatusCode, $"{put.StatusCode}");
        Assert.Equal((201, 201), (given, registered));
        Assert.EndsWith("." + format, from, StringComparison.Ordinal);
        Assert.Equal(TestModels.Load("labels").Digest, manifest.GetProperty("digest").GetString());
    }

    [Fact]
    public async Task Archive_ThatIsNotThere_IsRefused()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);

        await Assert.ThrowsAsync<ModelRejectedException>(() =>
            new ModelsApi(rig).Register.RunAsync(ModelsApi.Json("""{"from":"uploads/models/none.zip"}"""), rig.Name, Token)
        );
    }

    [Fact]
    public async Task Archive_OverTheDirectLimit_IsRefusedWithTheOtherWay()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        byte[] noise = new byte[ModelsApi.MaxBodyBytes + 1_000];
        new Random(5).NextBytes(noise);

        RequestProblem problem = await Assert.ThrowsAsync<RequestProblem>(() =>
            new ModelsApi(rig).RegisterAsync(Zip([("a", noise)]), "application/zip")
        );

        Assert.Equal(413, problem.Status);
        Assert.Contains("/uploads", problem.Message, StringComparison.Ordinal);
    }
}
