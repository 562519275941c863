using System.IO.Compression;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>The description says what is taken: a client that is made of it alone works.</summary>
public sealed class GeneratedClientTests(GeneratedClient client) : IClassFixture<GeneratedClient>
{
    private static CancellationToken Cancellation => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predict_AnswersAText()
    {
        dynamic body = client.New("PredictBody", ("Text", "Maria Keller visited Port Alder in May."));

        dynamic answer = await client.Api.PredictAsync("entities", body);

        Assert.Equal(("entities", "stable"), ((string)answer.Task, (string)answer.Arm));
        Assert.Equal("Maria Keller", (string)Enumerable.First(Enumerable.First(answer.Entities)).Text);
    }

    [Fact]
    public async Task SearchAndAssets_AreListed()
    {
        dynamic found = await client.Api.SearchByTextAsync("harbour", limit: 3);
        dynamic assets = await client.Api.ListAssetsAsync(limit: 2);

        Assert.InRange((int)found.Hits.Count, 0, 3);
        Assert.InRange((int)assets.Items.Count, 0, 2);
    }

    [Fact]
    public async Task Model_IsRegistered_AndListed()
    {
        dynamic address = await client.Api.CreatePackageAddressAsync("generated-client", format: "zip");
        await PutAsync(address, Path.Combine(Checkout.Root, "tests/Data/models/tensors-sums/1"));
        dynamic body = client.New("RegistrationBody", ("From", (string)address.From), ("Store", (string)address.Store));

        dynamic manifest = await client.Api.RegisterModelAsync(
            "generated-client",
            "somebody",
            body,
            metric: new Dictionary<string, double> { ["metric.f1"] = 0.5 }
        );
        dynamic versions = await client.Api.ListVersionsAsync("generated-client");

        Assert.Equal(("generated-client", 1), ((string)manifest.Name, (int)manifest.Version));
        Assert.Equal(1, (int)Enumerable.Single(versions.Items).Version);
    }

    [Fact]
    public async Task Tensors_AreAnsweredInTheProtocol()
    {
        dynamic metadata = await client.Api.ModelMetadataAsync("topics");
        dynamic index = await client.Api.RepositoryIndexAsync();

        Assert.Equal("topics", (string)metadata.Name);
        Assert.Contains("topics", ((IEnumerable<dynamic>)index).Select(entry => (string)entry.Name));
    }

    [Fact]
    public async Task AFault_IsAProblemOfItsType()
    {
        dynamic promotion = client.New("PromotionRequest", ("Model", "entities"), ("Version", 1), ("To", "moon"));

        dynamic fault = await Assert.ThrowsAnyAsync<Exception>(async () => await client.Api.StartPromotionAsync("somebody", promotion));

        Assert.Equal(400, (int)fault.StatusCode);
        Assert.Contains("moon", (string)fault.Result.Detail, StringComparison.Ordinal);
    }

    private static async Task PutAsync(dynamic upload, string folder)
    {
        using MemoryStream zip = new();
        ZipFile.CreateFromDirectory(folder, zip);
        using HttpClient storage = new();
        using HttpRequestMessage put = new(HttpMethod.Put, (Uri)upload.Address) { Content = new ByteArrayContent(zip.ToArray()) };
        foreach (KeyValuePair<string, string> header in upload.Headers)
        {
            put.Headers.TryAddWithoutValidation(header.Key, header.Value);
        }
        (await storage.SendAsync(put, Cancellation)).EnsureSuccessStatusCode();
    }
}
