using System.Globalization;
using System.Text;
using Serverless.Inference;
using Serverless.Inference.Serving;
using Serverless.Packages;
using Serverless.Validation.Golden;

namespace Serverless.Validation.Trials;

/// <summary>
/// What people and networks send sooner or later. A model must answer each with numbers, and one and the same item alike in whatever
/// company it comes.
/// </summary>
internal static class Probes
{
    /// <summary>Of probabilities and of vectors of length one; kernels for other batch sizes add up in another order.</summary>
    public const float Tolerance = 1e-3f;

    private const string Empty = "empty",
        Huge = "huge",
        RandomBytes = "random bytes",
        UnknownTokens = "unknown tokens",
        NotNumbers = "not numbers",
        PermutedBatch = "permuted batch";
    private static readonly string[] Sentences =
    [
        "The ferry left the harbour at noon.",
        "Two goals won the match.",
        "Das Gesetz wurde heute beschlossen.",
        "12 % of voters stayed at home.",
    ];

    private const int HugeChars = 100_000;
    private const int BatchItems = 12;
    private const int Seed = 20_240_517;

    public static IReadOnlyList<string> NamesFor(TrialModel model) =>
        [
            .. (IEnumerable<string>)
                [
                    .. model.Task == ModelTask.Tensors ? Array.Empty<string>() : [Empty, Huge, RandomBytes],
                    .. model.TakesTexts ? [UnknownTokens] : Array.Empty<string>(),
                    .. model.Raw.Inputs.Any(IsFloat) ? [NotNumbers] : Array.Empty<string>(),
                    PermutedBatch,
                ],
        ];

    public static ProbeFinding Run(string probe, TrialModel model, TrialItems golden)
    {
        try
        {
            string? fault = probe switch
            {
                Empty => Ask(model, EmptyItems(model)),
                Huge => Ask(model, HugeItems(model)),
                RandomBytes => Ask(model, RandomItems(model)),
                UnknownTokens => Ask(
                    model,
                    [.. ((string[])["ꙮ ჾ ⸎ ໝ 𐍈𐍉 \uFFFD", "𒀀𒀁𒀂 𒀃𒀄", "\u200B\u200D\uFEFF"]).Select((t, i) => Text(model, i, t))]
                ),
                NotNumbers => AskNotNumbers(model, golden),
                _ => ComparePermuted(model, golden),
            };
            return new ProbeFinding(probe, fault is null, fault ?? "Answered with numbers.");
        }
        catch (Exception e) when (e is ModelFaultException or ServingException)
        {
            return new ProbeFinding(probe, false, e.Message);
        }
    }

    /// <summary>Items that hold nothing special, where there is no golden set.</summary>
    public static TrialItem[] Plain(TrialModel model, int count) =>
        [
            .. Enumerable
                .Range(0, count)
                .Select(i =>
                    model.TakesPictures ? Picture(i, 64 + (16 * i), 96, new Random(i))
                    : model.TakesTexts ? Text(model, i, string.Join(' ', Sentences.Take(1 + (i % Sentences.Length)).Reverse()))
                    : Tensors(model, i, (random, _) => random.NextDouble())
                ),
        ];

    private static string? Ask(TrialModel model, IReadOnlyList<TrialItem> items)
    {
        foreach (TrialItem item in items)
        {
            model.Answer([item]);
        }
        return null;
    }

    private static TrialItem[] EmptyItems(TrialModel model) =>
        model.TakesPictures ? [Picture(0, 1, 1, new Random(Seed))] : [Text(model, 0, ""), Text(model, 1, " \t\n"), Text(model, 2, "\0")];

    private static TrialItem[] HugeItems(TrialModel model) =>
        model.TakesPictures
            ? [Picture(0, 4_000, 3_000, new Random(Seed)), Picture(1, 4_000, 1, new Random(Seed))]
            : [Text(model, 0, string.Concat(Enumerable.Repeat("harbour ", HugeChars / 8))), Text(model, 1, new string('x', HugeChars))];

    private static TrialItem[] RandomItems(TrialModel model)
    {
        Random random = new(Seed);
        if (model.TakesPictures)
        {
            return [.. Enumerable.Range(0, 4).Select(i => Picture(i, random.Next(2, 300), random.Next(2, 300), random))];
        }
        byte[] bytes = new byte[400];
        return
        [
            .. Enumerable
                .Range(0, 10)
                .Select(i =>
                {
                    random.NextBytes(bytes);
                    // Half as Latin letters and controls, half as UTF-16 with surrogates that stand alone.
                    return Text(model, i, i % 2 == 0 ? Encoding.Latin1.GetString(bytes) : Encoding.Unicode.GetString(bytes) + "\uD800");
                }),
        ];
    }

    /// <summary>Numbers that are none may be answered by such; but they must not break the model for those who come after.</summary>
    private static string? AskNotNumbers(TrialModel model, TrialItems golden)
    {
        TrialItem[] items = Some(model, golden, 2);
        IReadOnlyList<ItemAnswer> before = model.Answer(items);
        foreach (double number in (double[])[double.NaN, double.PositiveInfinity, double.NegativeInfinity])
        {
            GoldenItem poisoned = Tensors(model, 0, (random, spec) => IsFloat(spec) ? number : 0).Item;
            model.Raw.Run(
                [
                    .. poisoned.Tensors!.Zip(model.Raw.Inputs, (t, spec) =>
                        new NamedTensor(t.Name, spec.Datatype, t.Shape) { Data = TrialTensors.Write(spec.Datatype, t.Values) }
                    ),
                ],
                default
            );
        }
        return Difference(before, model.Answer(items)) is var worst && worst <= Tolerance
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"After NaN and infinity had been sent, the same items were answered otherwise: by up to {worst:0.####}."
            );
    }

    private static string? ComparePermuted(TrialModel model, TrialItems golden)
    {
        TrialItem[] items = Some(model, golden, BatchItems);
        IReadOnlyList<ItemAnswer> alone = [.. items.SelectMany(item => model.Answer([item]))];
        IReadOnlyList<ItemAnswer> together = model.Answer(items);
        int[] order = [.. Enumerable.Range(0, items.Length)];
        new Random(Seed).Shuffle(order);
        ItemAnswer[] permuted = [.. model.Answer([.. order.Select(i => items[i])]).Zip(order).OrderBy(a => a.Second).Select(a => a.First)];
        float worst = Math.Max(Difference(alone, together), Difference(alone, permuted));
        return worst <= Tolerance
            ? null
            : string.Create(
                CultureInfo.InvariantCulture,
                $"The same {items.Length} items alone, together and in another order are answered differently: by up to "
                    + $"{worst:0.####}, allowed is {Tolerance}."
            );
    }

    private static TrialItem[] Some(TrialModel model, TrialItems golden, int count) =>
        golden.Count == 0
            ? Plain(model, count)
            :
            [
                .. Enumerable
                    .Range(0, Math.Min(count, golden.Count))
                    .SelectMany(i => golden.Load(i * golden.Count / Math.Min(count, golden.Count), 1)),
            ];

    private static float Difference(IReadOnlyList<ItemAnswer> a, IReadOnlyList<ItemAnswer> b) =>
        a.Zip(b, (x, y) => Difference(x.Numbers, y.Numbers)).DefaultIfEmpty(0).Max();

    private static float Difference(float[] a, float[] b)
    {
        if (a.Length != b.Length)
        {
            return float.PositiveInfinity;
        }
        float worst = 0;
        for (int i = 0; i < a.Length; i++)
        {
            float difference = MathF.Abs(a[i] - b[i]) / MathF.Max(1, MathF.Abs(a[i]));
            worst = float.IsNaN(difference) ? float.PositiveInfinity : MathF.Max(worst, difference);
        }
        return worst;
    }

    private static TrialItem Text(TrialModel model, int id, string text) =>
        new(
            new GoldenItem
            {
                Id = $"{id}",
                Text = text,
                Documents = model.Task == ModelTask.Reranking ? [text, "The ferry left at noon."] : null,
            }
        );

    private static TrialItem Picture(int id, int width, int height, Random random)
    {
        byte[] rgb = new byte[3 * width * height];
        random.NextBytes(rgb);
        return new TrialItem(new GoldenItem { Id = $"{id}" }, new RgbImage(rgb, width, height));
    }

    /// <summary>
    /// One row; a dimension that is open, and not the batch, gets the size 4, or what a picture model's processing would give it.
    /// </summary>
    private static TrialItem Tensors(TrialModel model, int id, Func<Random, TensorSpec, double> value)
    {
        Random random = new(Seed + id);
        return new TrialItem(
            new GoldenItem
            {
                Id = $"{id}",
                Tensors =
                [
                    .. model.Raw.Inputs.Select(spec =>
                    {
                        long[] shape =
                        [
                            .. (spec.Shape ?? [1, 4]).Select(
                                (size, i) =>
                                    size >= 0 ? size
                                    : i == 0 ? 1
                                    : model.TakesPictures ? 64
                                    : 4
                            ),
                        ];
                        return new GoldenTensor(
                            spec.Name,
                            shape,
                            [.. Enumerable.Range(0, (int)shape.Aggregate(1L, (a, b) => a * b)).Select(_ => value(random, spec))]
                        );
                    }),
                ],
            }
        );
    }

    private static bool IsFloat(TensorSpec spec) => spec.Datatype is "FP16" or "FP32" or "FP64";
}
