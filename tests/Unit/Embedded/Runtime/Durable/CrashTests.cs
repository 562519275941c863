using System.Globalization;
using Microsoft.DurableTask;
using Microsoft.DurableTask.Client;
using Xunit;

namespace Serverless.Unit.Embedded.Runtime.Durable;

/// <summary>
/// Orchestrations made at random from activities, fans, timers, events, children and retries, run on an engine that crashes at
/// random moments: each must end with the result that a run without any crash has.
/// </summary>
public class CrashTests(ITestOutputHelper output)
{
    private const int Instances = 12;
    private const int Crashes = 8;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(5)]
    [InlineData(6)]
    public async Task RandomOrchestrations_EndWithTheSameResult_HoweverOftenTheEngineCrashes(int seed)
    {
        output.WriteLine($"seed {seed}");
        Random random = new(seed);
        await using EngineHost host = await RandomProgram.RegisterIn(new EngineHost()).StartAsync();
        RandomProgram[] programs = [.. Enumerable.Range(0, Instances).Select(_ => RandomProgram.Sequence(random, depth: 3))];

        for (int i = 0; i < Instances; i++)
        {
            await host.BeginAsync("Program", programs[i], $"run-{i}");
            foreach ((string instance, string name) in programs[i].Events($"run-{i}"))
                await host.Client.RaiseEventAsync($"run-{i}", $"{instance}/{name}", name.Length, EngineHost.Cancellation);
        }

        for (int crash = 0; crash < Crashes; crash++)
        {
            for (int yields = random.Next(400); yields > 0; yields--)
                await Task.Yield();
            if (random.Next(2) == 0)
                host.Time.Advance(TimeSpan.FromSeconds(random.Next(20)));
            await host.CrashAndRestartAsync();
        }

        for (int i = 0; i < Instances; i++)
        {
            OrchestrationMetadata done = await FinishAsync(host, $"run-{i}");
            Assert.Equal(programs[i].Expected(), done.ReadOutputAs<string>());
        }
    }

    private static async Task<OrchestrationMetadata> FinishAsync(EngineHost host, string id)
    {
        for (int i = 0; i < 200; i++)
        {
            await host.QuietAsync();
            if (await host.Client.GetInstanceAsync(id, true, EngineHost.Cancellation) is { IsCompleted: true } done)
                return done;
            host.Time.Advance(TimeSpan.FromSeconds(10));
        }

        throw new TimeoutException(string.Create(CultureInfo.InvariantCulture, $"Instance {id} did not end."));
    }
}
