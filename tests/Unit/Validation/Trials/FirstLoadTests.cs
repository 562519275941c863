using Serverless.Packages;
using Serverless.Registry;
using Serverless.Unit.Inference;
using Serverless.Unit.Orchestrations.Validation;
using Serverless.Unit.Servers;
using Serverless.Validation.Trials;
using Xunit;
using static Serverless.Unit.Packages.Onnx.OnnxBytes;

namespace Serverless.Unit.Validation.Trials;

public sealed class FirstLoadTests(SharedServers servers)
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("text-unknown-operator", "No Op registered for Frobnicate with domain_version of 17")]
    [InlineData("text-unknown-domain", "com.example:Tanh(-1) is not a registered function/op")]
    public async Task Registration_OfAnUnknownOperator_IsRefusedInTheRuntimesWords(string model, string message)
    {
        await using ValidationRig rig = await ValidationRig.StartAsync(servers);
        ModelRegistry registry = rig.Get<ModelRegistry>();

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() =>
            registry.RegisterAsync(TestModels.Folder(model), new Registration(rig.Model, "tests"), Token)
        );

        Assert.StartsWith(
            $"Model package {rig.Model}/new: model.onnx: found what ONNX Runtime refuses (",
            error.Message,
            StringComparison.Ordinal
        );
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(rig.Model, await registry.ListNamesAsync(Token));
    }

    [Fact]
    public async Task Registration_KeepsTheReportOfTheFirstLoad()
    {
        await using ValidationRig rig = await ValidationRig.StartAsync(servers);

        await rig.Get<ModelRegistry>().RegisterAsync(Candidates.Folder("sound"), new Registration(rig.Model, "tests"), Token);

        FirstLoadReport? report = await rig.Get<FirstLoadReports>().FindAsync(new ModelVersion(rig.Model, 1), Token);

        Assert.Equal("CPU", report!.Provider);
        Assert.InRange(report.PeakBytes, 10 << 20, 4L << 30);
        Assert.True(report.Milliseconds > 0);
    }

    /// <summary>ONNX Runtime writes functions out where they are called, which makes 2^30 nodes of these.</summary>
    [Fact]
    public async Task AFileThatOpensWithoutEnd_IsRefusedWhenItsTimeIsUp()
    {
        using var package = new TemporaryPackage("functions");
        await File.WriteAllBytesAsync(package.PathOf("model.onnx"), DoublingFunctions(30), Token);

        string fault = await FindFaultAsync(package, new TrialOptions { LoadWithin = TimeSpan.FromSeconds(1.5) });

        Assert.StartsWith(
            "Model package tried/new: its first load: found what a process of its own did not survive (There was no answer within 1.5 s; ",
            fault,
            StringComparison.Ordinal
        );
        Assert.EndsWith("expected an answer within 1.5 s and 4,096 MB.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AModelWhoseFirstRunDoesNotEnd_IsRefusedWhenItsTimeIsUp()
    {
        using TemporaryPackage package = LoopModel.Endless("endless");

        string fault = await FindFaultAsync(package, new TrialOptions { LoadWithin = TimeSpan.FromSeconds(3) });

        Assert.Contains("There was no answer within 3 s; the process was killed.", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task AModelWhoseFirstRunDoesNotEnd_IsRefusedWhenItsProcessorTimeIsUsedUp()
    {
        using TemporaryPackage package = LoopModel.Endless("endless");

        string fault = await FindFaultAsync(package, new TrialOptions { ProcessorTime = TimeSpan.FromSeconds(3) });

        Assert.Contains("The process used up its 3 s of processor time", fault, StringComparison.Ordinal);
    }

    /// <summary>Texts lie outside the runtime's arena, whose limit they do not meet.</summary>
    [Fact]
    public async Task AModelWhoseTextsGrow_IsRefusedAtItsMemory()
    {
        using TemporaryPackage package = LoopModel.DoublingText("doubling", 27);

        string fault = await FindFaultAsync(package, new TrialOptions { MaxMemoryBytes = 512 << 20 });

        Assert.Contains("(The process grew to ", fault, StringComparison.Ordinal);
    }

    [Fact]
    public async Task LoadsWithoutEnd_HoldUpNoOther()
    {
        using TemporaryPackage package = LoopModel.Endless("endless");
        using FirstLoad load = new(OptionsWith(longLoads: 3), TimeProvider.System);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task[] endless = [RunAsync(load, package.Folder, stop.Token), RunAsync(load, package.Folder, stop.Token)];

        await RunAsync(load, Candidates.Folder("sound"), Token);

        Assert.All(endless, one => Assert.False(one.IsCompleted));
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => Task.WhenAll(endless));
    }

    [Fact]
    public async Task OneLongLoadTooMany_IsEnded_AndToldWhenToComeBack()
    {
        using TemporaryPackage package = LoopModel.Endless("endless");
        using FirstLoad load = new(OptionsWith(longLoads: 1), TimeProvider.System);
        using CancellationTokenSource stop = CancellationTokenSource.CreateLinkedTokenSource(Token);
        Task[] endless = [RunAsync(load, package.Folder, stop.Token), RunAsync(load, package.Folder, stop.Token)];

        Task ended = await Task.WhenAny(endless);

        LoadsBusyException busy = await Assert.ThrowsAsync<LoadsBusyException>(() => ended);
        Assert.Equal(TimeSpan.FromMinutes(2), busy.RetryAfter);
        Assert.Contains("1 that do run already", busy.Message, StringComparison.Ordinal);
        await stop.CancelAsync();
        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => endless.First(one => one != ended));
    }

    private static TrialOptions OptionsWith(int longLoads) =>
        new()
        {
            Program = Candidates.Program,
            ShortLoad = TimeSpan.FromSeconds(1),
            LongLoads = longLoads,
        };

    private static Task RunAsync(FirstLoad load, string folder, CancellationToken cancellationToken) =>
        load.RunAsync(folder, new ModelReference("tried", "new", "sha256:0"), new ModelLimits(), cancellationToken);

    private static async Task<string> FindFaultAsync(TemporaryPackage package, TrialOptions options)
    {
        options.Program = Candidates.Program;
        using FirstLoad load = new(options, TimeProvider.System);
        ModelLimits limits = new() { MaxGraphNodes = int.MaxValue };

        var error = await Assert.ThrowsAsync<ModelRejectedException>(() =>
            load.RunAsync(package.Folder, new ModelReference("tried", "new", "sha256:0"), limits, Token)
        );

        return error.Message;
    }
}
