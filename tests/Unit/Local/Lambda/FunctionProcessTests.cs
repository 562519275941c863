using System.Diagnostics;
using Xunit;

namespace Serverless.Unit.Local.Lambda;

/// <summary>A function in a process of its own, which may die, hang and be killed.</summary>
public sealed class FunctionProcessTests
{
    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Function_DiesWithAMessage_IsStartedAgainAndGetsItAgain()
    {
        await using LambdaRig rig = await LambdaRig.WithScript().StartAsync(Token);

        await rig.SendAsync("die once", Token);

        Assert.Equal(["die once 1 1 orders", "die once 2 1 orders"], await rig.SeenAsync(2, Token));
        await rig.UntilAsync(() => rig.Service.Queue.Count() is { Waiting: 0, DeadLetters: 0 }, Token);
    }

    [Fact]
    public async Task Function_DiesWhileIdle_LosesNoReceiveOfTheNextMessage()
    {
        await using LambdaRig rig = await LambdaRig.WithScript().StartAsync(Token);
        await rig.SendAsync("first", Token);
        await rig.SeenAsync(1, Token);
        await rig.UntilAsync(() => rig.Service.Queue.Count().Waiting == 0, Token);
        int? before = rig.Service.Environments[0].ProcessId;

        rig.Service.Environments[0].Kill();
        await rig.UntilAsync(() => rig.Service.Environments[0].ProcessId != before, Token);
        await rig.SendAsync("second", Token);

        Assert.Equal(["first 1 1 orders", "second 1 1 orders"], await rig.SeenAsync(2, Token));
    }

    [Fact]
    public async Task Function_HangsPastItsDeadline_IsKilledAndTheMessageComesAgain()
    {
        LambdaRig rig = LambdaRig.WithScript();
        rig.Options.Timeout = TimeSpan.FromSeconds(1);
        await using LambdaRig started = await rig.StartAsync(Token);

        await rig.SendAsync("hang once", Token);

        Assert.Equal(["hang once 1 1 orders", "hang once 2 1 orders"], await rig.SeenAsync(2, Token));
        await rig.UntilAsync(() => rig.Service.Queue.Count().Waiting == 0, Token);
    }

    [Fact]
    public async Task Function_FailsOneMessage_GetsItAloneAgain()
    {
        LambdaRig rig = LambdaRig.WithScript();
        rig.Options.BatchWindow = TimeSpan.FromSeconds(1);
        await using LambdaRig started = await rig.StartAsync(Token);

        using HttpResponseMessage sent = await rig.SendAsync(
            "SendMessageBatch",
            new { rig.Service.QueueUrl, Entries = new[] { Entry("a"), Entry("fail once"), Entry("c") } },
            Token
        );

        sent.EnsureSuccessStatusCode();
        Assert.Equal(["a 1 3 orders", "fail once 1 3 orders", "c 1 3 orders", "fail once 2 1 orders"], await rig.SeenAsync(4, Token));
    }

    [Fact]
    public async Task Function_FailsEveryTime_EndsInDeadLetters()
    {
        LambdaRig rig = LambdaRig.WithScript();
        rig.Options.MaxReceiveCount = 3;
        await using LambdaRig started = await rig.StartAsync(Token);

        await rig.SendAsync("fail", Token);

        await rig.UntilAsync(() => rig.Service.Queue.Count() is { Waiting: 0, DeadLetters: 1 }, Token);
        Assert.Equal(["fail"], rig.Service.Queue.ReadDeadLetters());
        Assert.Equal(3, (await rig.SeenAsync(3, Token)).Length);
    }

    [Fact]
    public async Task Stop_WhileHandling_LetsTheFunctionFinishAndTakesItAlong()
    {
        await using LambdaRig rig = await LambdaRig.WithScript().StartAsync(Token);
        await rig.SendAsync("slow", Token);
        await rig.SeenAsync(1, Token);
        using Process function = Process.GetProcessById(rig.Service.Environments[0].ProcessId!.Value);

        await rig.StopAsync();
        await rig.StartAsync(Token);

        Assert.True(function.HasExited);
        Assert.Equal(0, rig.Service.Queue.Count().Waiting);
    }

    private static object Entry(string body) => new { Id = body.Replace(' ', '-'), MessageBody = body };
}
