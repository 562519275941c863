using Microsoft.Extensions.Time.Testing;
using Serverless.Exports.Asks;
using Serverless.Functions.Azure.Exports;
using Serverless.Functions.Azure.Http;
using Serverless.Functions.Azure.Models;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Exports;
using Serverless.Unit.Functions.Azure.Models;
using Serverless.Unit.Inference;
using Serverless.Unit.Registry;
using Serverless.Unit.Servers;
using Xunit;

namespace Serverless.Unit.Functions.Azure.Exports;

public sealed class ExportPlansTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task APlan_NamesTheVersion_AndOnlyTypesThatItFinds()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        ModelManifest manifest = await rig.RegisterAsync("entities");
        ExportPlans plans = PlansOf(rig);
        string type = manifest.Processing.Labels!.First(label => label != "O")[2..];
        ExportQuery query = QueryOf(rig) with { Version = 1, Redact = [type, type] };

        ExportPlan plan = await plans.MakeAsync(query, Token);
        RequestProblem misspelt = await Assert.ThrowsAsync<RequestProblem>(() =>
            plans.MakeAsync(query with { Redact = [type + "x"], Sample = new ExportSample(Share: 2) }, Token)
        );

        RequestProblem label = await Assert.ThrowsAsync<RequestProblem>(() =>
            plans.MakeAsync(query with { Redact = [$"B-{type}"] }, Token)
        );

        Assert.Equal((rig.Name, 1, "prod"), (plan.Model, plan.Version, plan.Environment));
        Assert.Equal([type], plan.Redact);
        Assert.Equal(400, misspelt.Status);
        Assert.Contains($"redact names '{type}x'", misspelt.Message, StringComparison.Ordinal);
        Assert.Contains($"redact names 'B-{type}'; {rig.Name}/1 finds {type}", label.Message, StringComparison.Ordinal);
        Assert.Contains("sample.share is 2", misspelt.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task WhatIsNotRegistered_OrServesNowhere_IsNotExported()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync("entities");
        ExportPlans plans = PlansOf(rig);

        RequestProblem idle = await Assert.ThrowsAsync<RequestProblem>(() => plans.MakeAsync(QueryOf(rig), Token)),
            missing = await Assert.ThrowsAsync<RequestProblem>(() => plans.MakeAsync(QueryOf(rig) with { Version = 2 }, Token)),
            nowhere = await Assert.ThrowsAsync<RequestProblem>(() => plans.MakeAsync(QueryOf(rig) with { Environment = "moon" }, Token));

        Assert.Equal((404, 404, 400), (idle.Status, missing.Status, nowhere.Status));
    }

    [Fact]
    public async Task Lineage_IsToldFromTheManifests()
    {
        await using RegistryRig rig = await RegistryRig.OpenAsync(servers);
        await rig.RegisterAsync("entities");
        await RegisterAsync(rig, "labels", $"{rig.Name}/1");
        await RegisterAsync(rig, "topics", $"{rig.Name}/2");
        LineageFunction lineage = new(rig.Registry);

        (int status, var body) = await ModelsApi.AnswerAsync(lineage.ShowAsync(null!, rig.Name, "3", Token));

        Assert.Equal(200, status);
        Assert.Equal($"{rig.Name}/2", body.GetProperty("parent").GetString());
        Assert.Equal($"{rig.Name}/1", Assert.Single(body.GetProperty("ancestors").EnumerateArray()).GetString());
        Assert.Equal("sha256:00", body.GetProperty("data").GetString());
        Assert.Equal(12, body.GetProperty("labels").GetProperty("news").GetInt32());
    }

    private static Task RegisterAsync(RegistryRig rig, string package, string parent) =>
        rig.Registry.RegisterAsync(
            TestModels.Folder(package),
            new Registration(rig.Name, "test")
            {
                Lineage = new ModelLineage { BaseModel = parent, DataDigest = "sha256:00" },
                Metrics = new Dictionary<string, double> { ["training.labels.news"] = 12, ["training.rows"] = 12 },
            },
            Token
        );

    private static ExportPlans PlansOf(RegistryRig rig) =>
        new(rig.Registry, rig.Aliases, rig.Get<RegistryOptions>(), new FakeTimeProvider(ExportRig.Start.AddDays(1)));

    private static ExportQuery QueryOf(RegistryRig rig) => new(rig.Name, ExportRig.Start, ExportRig.Start.AddHours(1));
}
