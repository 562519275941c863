using System.IO.Compression;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using Serverless.Local.Stack;
using Xunit;

namespace Serverless.EndToEnd;

/// <summary>Cards of a version and of the system, as an auditor asks for them.</summary>
public sealed class CardTests(SharedStack shared)
{
    private const string Name = "end-to-end-card";

    private static CancellationToken Ct => TestContext.Current.CancellationToken;

    private HttpClient Http => shared.Client.Http;

    [Fact]
    public async Task ACard_HoldsWhatIsRecorded_ThePublishersWords_AndWhatIsNot()
    {
        await RegisterAsync();

        JsonElement card = await Http.GetFromJsonAsync<JsonElement>($"models/{Name}/versions/1/card?format=json", Ct);

        Assert.Equal("card-run-7", FactOf(card, "data", "Training run"));
        Assert.Equal("MIT", FactOf(card, "identity", "Licence"));
        Assert.Null(FactOf(card, "data", "Parent"));
        Assert.Contains("f1 0.5", FactOf(card, "performance", "Metrics as the publisher measured them")!, StringComparison.Ordinal);
        Assert.Contains("moved to version 1", RowsOf(card, "oversight").Single(), StringComparison.Ordinal);
        Assert.Contains("dev", RowsOf(card, "serving").First(), StringComparison.Ordinal);
        Assert.NotNull(FactOf(card, "limits", "Memory at the first load"));
        Assert.StartsWith("# Sorts pictures", SectionOf(card, "purpose").GetProperty("words").GetProperty("text").GetString());
    }

    [Theory]
    [InlineData("?format=html", null, "text/html", "<h1>Sorts pictures</h1>")]
    [InlineData("?format=markdown", null, "text/markdown", "- Training run: card-run-7")]
    [InlineData("", "text/markdown", "text/markdown", "# Model card: end-to-end-card, version 1")]
    [InlineData("", "application/json;q=0.5, text/html", "text/html", "Index by law and framework")]
    [InlineData("", "*/*", "text/html", "<i class=\"quiet\">not recorded</i>")]
    public async Task ACard_ComesAsItIsAskedFor(string query, string? accept, string type, string part)
    {
        await RegisterAsync();
        using HttpRequestMessage request = new(HttpMethod.Get, $"models/{Name}/versions/1/card{query}");
        if (accept is not null)
        {
            request.Headers.TryAddWithoutValidation("Accept", accept);
        }

        using HttpResponseMessage response = await Http.SendAsync(request, Ct);

        string text = await response.Content.ReadAsStringAsync(Ct);
        Assert.Equal((HttpStatusCode.OK, type), (response.StatusCode, response.Content.Headers.ContentType!.MediaType));
        Assert.Contains(part, text, StringComparison.Ordinal);
        if (type == "text/html")
        {
            Assert.DoesNotContain("<script", text, StringComparison.Ordinal);
            Assert.StartsWith("sandbox; default-src 'none'", response.Headers.GetValues("Content-Security-Policy").Single());
        }
    }

    [Fact]
    public async Task TheSystemsCard_NamesModels_Plans_AndWhatNobodyHasSaid()
    {
        JsonElement card = await Http.GetFromJsonAsync<JsonElement>("system/card?format=json", Ct);

        Assert.Contains(RowsOf(card, "serving"), row => row.StartsWith("entities|TokenClassification|", StringComparison.Ordinal));
        Assert.Equal(["dev", "qa", "prod"], RowsOf(card, "oversight").Select(row => row.Split('|')[0]));
        Assert.Null(FactOf(card, "purpose", "Intended purpose"));
        Assert.Equal("yes", FactOf(card, "records", "The chain is whole"));
        Assert.Contains(RowsOf(card, "monitoring"), row => row.StartsWith("errorShare|yes|Critical", StringComparison.Ordinal));
    }

    [Theory]
    [InlineData("models/entities/versions/99/card", HttpStatusCode.NotFound, "Model 'entities' has no version 99.")]
    [InlineData(
        "models/entities/versions/1/card?format=pdf",
        HttpStatusCode.BadRequest,
        "format is 'pdf'; allowed are html, markdown, json."
    )]
    public async Task WhatIsNotThere_IsSaid(string path, HttpStatusCode status, string detail)
    {
        using HttpResponseMessage response = await Http.GetAsync(path, Ct);

        Assert.Equal(status, response.StatusCode);
        Assert.Equal(detail, (await response.Content.ReadFromJsonAsync<JsonElement>(Ct)).GetProperty("detail").GetString());
    }

    /// <summary>The same package registers once, so that each test may.</summary>
    private async Task RegisterAsync()
    {
        using MemoryStream archive = new();
        await using (ZipArchive zip = new(archive, ZipArchiveMode.Create, leaveOpen: true))
        {
            string folder = Path.Combine(Checkout.SamplesModels, "image-labels", "1");
            foreach (string file in Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories))
            {
                if (Path.GetFileName(file) != "README.md")
                {
                    await AddAsync(zip, Path.GetRelativePath(folder, file), await File.ReadAllBytesAsync(file, Ct));
                }
            }
            await AddAsync(
                zip,
                "README.md",
                Encoding.UTF8.GetBytes("# Sorts pictures\n\n<script>alert(1)</script> It knows five things.\n")
            );
        }
        using ByteArrayContent body = new(archive.ToArray()) { Headers = { ContentType = new MediaTypeHeaderValue("application/zip") } };
        using HttpResponseMessage registered = await Http.PostAsync(
            $"models/{Name}/versions?licence=MIT&trainingRun=card-run-7&metric.f1=0.5",
            body.RequestedBy("tests"),
            Ct
        );
        Assert.True(registered.IsSuccessStatusCode, await registered.Content.ReadAsStringAsync(Ct));
        using HttpResponseMessage moved = await Http.PutAsync(
            $"models/{Name}/aliases/dev",
            JsonContent.Create(new { version = 1 }).RequestedBy("tests"),
            Ct
        );
        Assert.True(
            moved.StatusCode is HttpStatusCode.OK or HttpStatusCode.PreconditionRequired,
            await moved.Content.ReadAsStringAsync(Ct)
        );
    }

    private static async Task AddAsync(ZipArchive zip, string name, byte[] content)
    {
        await using Stream entry = await zip.CreateEntry(name).OpenAsync(Ct);
        await entry.WriteAsync(content, Ct);
    }

    private static JsonElement SectionOf(JsonElement card, string section) =>
        card.GetProperty("sections").EnumerateArray().Single(one => one.GetProperty("id").GetString() == section);

    /// <summary>Null of what is not recorded.</summary>
    private static string? FactOf(JsonElement card, string section, string name) =>
        SectionOf(card, section)
            .GetProperty("facts")
            .EnumerateArray()
            .Single(fact => fact.GetProperty("name").GetString() == name)
            .TryGetProperty("value", out JsonElement value)
            ? value.GetString()
            : null;

    private static IEnumerable<string> RowsOf(JsonElement card, string section) =>
        SectionOf(card, section)
            .GetProperty("tables")
            .EnumerateArray()
            .SelectMany(table => table.GetProperty("rows").EnumerateArray())
            .Select(row => string.Join('|', row.EnumerateArray().Select(cell => cell.GetString())));
}
