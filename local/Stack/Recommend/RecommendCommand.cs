using System.CommandLine;
using System.Globalization;
using Microsoft.Extensions.DependencyInjection;
using Serverless.Local.Stack.Load;
using Serverless.Local.Stack.Pages;
using Serverless.Packages;
using Serverless.Registry;
using Serverless.Sizing.Arrivals;
using Serverless.Sizing.Costs;
using Serverless.Storage;
using Serverless.Validation.Trials;

namespace Serverless.Local.Stack.Recommend;

/// <summary><c>recommend</c>: measures a model on this machine and says which instances answer a demand at the least cost.</summary>
internal static class RecommendCommand
{
    private const long MostBytesOfAFile = 16 << 20;
    private const int MostSettings = 8;

    private static readonly Option<string> Model = new("--model")
    {
        Description = "Folder of a package, or name/version of one that is registered with the stack that runs here",
        Required = true,
    };
    private static readonly Option<string> Rate = new("--rate")
    {
        Description = "Predictions a second at the busiest time",
        DefaultValueFactory = _ => "0",
    };
    private static readonly Option<string> Hours = new("--hours") { Description = "Hours of media a day", DefaultValueFactory = _ => "0" };
    private static readonly Option<string> PerHour = new("--per-hour")
    {
        Description = "Predictions for each hour of media",
        DefaultValueFactory = _ => "0",
    };
    private static readonly Option<string> Peak = new("--peak")
    {
        Description = "The busiest time over the mean, for hours of media",
        DefaultValueFactory = _ => "2",
    };
    private static readonly Option<string> Within = new("--within")
    {
        Description = "In which 95 of 100 are to be answered",
        DefaultValueFactory = _ => "200ms",
    };
    private static readonly Option<string?> Least = new("--least-accuracy")
    {
        Description = "Variants below it are left out (needs --golden)",
    };
    private static readonly Option<string?> Golden = new("--golden")
    {
        Description = "Golden set (JSON lines, its pictures in pictures/ beside it)",
    };
    private static readonly Option<string> Prices = new("--prices")
    {
        Description = "Price list (JSON)",
        DefaultValueFactory = _ => Path.Combine(Checkout.Root, "infra", "prices.json"),
    };
    private static readonly Option<string?> Kind = new("--kind") { Description = "Name of this machine in the price list" };
    private static readonly Option<string[]> Measured = new("--measured")
    {
        Description = "recommend.json of other machines, to compare with",
        AllowMultipleArgumentsPerToken = true,
    };
    private static readonly Option<string?> Threads = new("--threads") { Description = "Numbers of threads to try: 1,2 (1 and all cores)" };
    private static readonly Option<string> Batches = new("--batches")
    {
        Description = "Most items in a run to try",
        DefaultValueFactory = _ => "1,8,64",
    };
    private static readonly Option<string?> Cuda = new("--cuda-folder") { Description = "Folder of libonnxruntime_providers_cuda.so" };
    private static readonly Option<string> Each = new("--each")
    {
        Description = "How long each load lasts",
        DefaultValueFactory = _ => "2s",
    };
    private static readonly Option<int> Memory = NumberOption.Create(
        "--most-memory",
        "Most memory of the process that runs the model, in MB",
        (int)(new TrialOptions().MaxMemoryBytes >> 20),
        256,
        1 << 20
    );
    private static readonly Option<string> LoadWithin = new("--load-within")
    {
        Description = "In which the model must be opened and answer a first input",
        DefaultValueFactory = _ => "2m",
    };
    private static readonly Option<string> Out = new("--out")
    {
        Description = "Folder for recommend.json and recommend.html",
        DefaultValueFactory = _ => Path.Combine(Checkout.Root, "artifacts"),
    };

    /// <summary>Ends with 0, 2 for bad input, 3 where nothing that was measured answers the demand.</summary>
    public static Command Create(Option<string> data)
    {
        Command command = new("recommend", "Measure a model on this machine and say which instances answer a demand at the least cost")
        {
            Model,
            Rate,
            Hours,
            PerHour,
            Peak,
            Within,
            Least,
            Golden,
            Prices,
            Kind,
            Measured,
            Threads,
            Batches,
            Cuda,
            Each,
            Memory,
            LoadWithin,
            Out,
            data,
        };
        command.SetAction(
            (parsed, cancellationToken) =>
                RunAsync(parsed, Path.GetFullPath(parsed.GetValue(data)!), TimeProvider.System, cancellationToken)
        );
        return command;
    }

    private static async Task<int> RunAsync(ParseResult parsed, string data, TimeProvider time, CancellationToken cancellationToken)
    {
        Demand demand = DemandOf(parsed);
        string list = parsed.GetValue(Prices)!;
        PriceList prices = await LoadFiles.ReadJsonAsync<PriceList>(list, "a price list", cancellationToken);
        prices.Check(list);
        List<MachineMeasurements> others = [];
        foreach (string file in parsed.GetValue(Measured) ?? [])
        {
            GivenReport read = await LoadFiles.ReadJsonAsync<GivenReport>(file, "a report of recommend", cancellationToken, isOpen: true);
            foreach (MachineMeasurements machine in read.Machines)
            {
                machine.Check(file);
                others.Add(machine);
            }
        }
        MeasurePlan plan = PlanOf(parsed, prices);
        ReportFiles.Demand(parsed.GetValue(Out)!);
        (string model, string folder) = await FindAsync(parsed.GetValue(Model)!, data, cancellationToken);

        Console.WriteLine($"Measuring {model} ...");
        MachineMeasuring measuring = new(BoundsOf(parsed), Console.WriteLine, time);
        MachineMeasurements own = await measuring.RunAsync(plan with { Model = model, Folder = folder }, cancellationToken);
        foreach (string absent in own.Absent)
        {
            Console.WriteLine($"  Not measured: {absent}");
        }
        MachineMeasurements[] all = [own, .. others.Where(machine => machine.Machine != own.Machine || machine.Kind != own.Kind)];
        RecommendDocument document = new(model, own.At, prices, all, Recommendation.Make(demand, prices, all));
        foreach (string sentence in document.Recommendation.NotCompared)
        {
            Console.WriteLine($"  Not compared: {sentence}");
        }
        Console.WriteLine(document.Verdict);
        await ReportFiles.WriteAsync(parsed.GetValue(Out)!, "recommend", document.ToJson(), document.ToPage(), cancellationToken);
        return document.Recommendation.Best is null ? 3 : 0;
    }

    /// <summary>Those of a trial, since the package may be anybody's.</summary>
    private static TrialOptions BoundsOf(ParseResult parsed) =>
        new()
        {
            MaxMemoryBytes = (long)parsed.GetValue(Memory) << 20,
            LoadWithin = Durations.Parse("--load-within", parsed.GetValue(LoadWithin)!),
            Program = typeof(RecommendCommand).Assembly.Location,
        };

    private static Demand DemandOf(ParseResult parsed)
    {
        double? least = parsed.GetValue(Least) is { Length: > 0 } ? Number(parsed, Least!) : null;
        return least is null || parsed.GetValue(Golden) is { Length: > 0 }
            ? Demand.Of(
                Number(parsed, Rate),
                Number(parsed, Hours),
                Number(parsed, PerHour),
                Number(parsed, Peak),
                Durations.Parse("--within", parsed.GetValue(Within)!),
                least
            )
            : throw new StackException("--least-accuracy needs a golden set (--golden FILE), by which variants are judged.", 2);
    }

    /// <summary>But for the model, which is fetched last.</summary>
    private static MeasurePlan PlanOf(ParseResult parsed, PriceList prices)
    {
        string? golden = parsed.GetValue(Golden) is { Length: > 0 } set ? Path.GetFullPath(set) : null;
        if (golden is not null)
        {
            LoadFiles.Demand(golden, MostBytesOfAFile);
        }
        string? kind = parsed.GetValue(Kind) is { Length: > 0 } named ? named : null;
        if (kind is not null && !prices.Kinds.Any(one => one.Name == kind))
        {
            throw new StackException(
                $"--kind is '{kind}'; the price list has {string.Join(", ", prices.Kinds.Select(one => one.Name))}.",
                2
            );
        }
        return new MeasurePlan(
            "",
            "",
            kind,
            Numbers(Threads, parsed.GetValue(Threads) ?? $"1,{Environment.ProcessorCount}", 1_024),
            Numbers(Batches, parsed.GetValue(Batches)!, 4_096),
            golden,
            parsed.GetValue(Cuda),
            Durations.Parse("--each", parsed.GetValue(Each)!).TotalSeconds
        );
    }

    /// <summary>A folder as it is; a registered version as a verified copy.</summary>
    private static async Task<(string Model, string Folder)> FindAsync(string model, string data, CancellationToken cancellationToken)
    {
        if (Directory.Exists(model))
        {
            string folder = Path.TrimEndingDirectorySeparator(Path.GetFullPath(model));
            return ($"{Path.GetFileName(Path.GetDirectoryName(folder))}/{Path.GetFileName(folder)}", folder);
        }
        if (model.Split('/') is not [var name, var number] || !int.TryParse(number, CultureInfo.InvariantCulture, out int version))
        {
            throw new StackException(
                $"The model is '{model}'; expected is the folder of a package, or NAME/VERSION of a registered one.",
                2
            );
        }
        StackOptions options = new() { DataDirectory = data, Ports = StackFacts.Read(data).Ports };
        ServiceCollection services = new();
        services.AddStorage(storage => storage.Azure.ConnectionString = LocalStack.ConnectionStringOf(options));
        services.AddRegistry(registry => registry.CacheFolder = Path.Combine(data, "recommend"));
        await using ServiceProvider provider = services.BuildServiceProvider();
        try
        {
            return (
                model,
                await provider.GetRequiredService<PackageCache>().FetchAsync(new ModelVersion(name, version), cancellationToken)
            );
        }
        catch (Exception e) when (e is RegistryException or ModelVersionException)
        {
            throw new StackException(e.Message, 2);
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new StackException(
                $"The registry of the stack over {data} cannot be read ({e.Message.Split('\n')[0].Trim()}). Is it running? make run",
                2
            );
        }
    }

    private static int[] Numbers(Option option, string text, int most)
    {
        int[] found =
        [
            .. text.Split(',').Select(part => int.TryParse(part, CultureInfo.InvariantCulture, out int number) ? number : 0).Distinct(),
        ];
        return found.Length <= MostSettings && found.All(number => number >= 1 && number <= most)
            ? found
            : throw new StackException($"{option.Name} is '{text}'; expected are up to {MostSettings} numbers from 1 to {most}.", 2);
    }

    private static double Number(ParseResult parsed, Option<string> option) =>
        double.TryParse(parsed.GetValue(option), CultureInfo.InvariantCulture, out double number) && double.IsFinite(number)
            ? number
            : throw new StackException($"{option.Name} is '{parsed.GetValue(option)}'; expected is a number.", 2);

    /// <summary>Of another machine's report what counts here.</summary>
    private sealed record GivenReport
    {
        public required IReadOnlyList<MachineMeasurements> Machines { get; init; }
    }
}
