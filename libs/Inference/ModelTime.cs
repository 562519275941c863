namespace Serverless.Inference;

/// <summary>What runs of a model took.</summary>
/// <param name="Processor">Of processors, inside ONNX Runtime.</param>
/// <param name="Gpu">How long runs held the GPU, zero where there is none; of runs that go on at once each has its share.</param>
public readonly record struct ModelTime(TimeSpan Processor, TimeSpan Gpu)
{
    public static ModelTime operator +(ModelTime a, ModelTime b) => new(a.Processor + b.Processor, a.Gpu + b.Gpu);

    public static ModelTime operator -(ModelTime a, ModelTime b) => new(a.Processor - b.Processor, a.Gpu - b.Gpu);

    /// <summary>Divides it by weights; the parts add up to the whole, tick by tick.</summary>
    internal ModelTime[] Divide(ReadOnlySpan<long> weights)
    {
        double all = 0;
        foreach (long weight in weights)
        {
            all += weight;
        }
        var parts = new ModelTime[weights.Length];
        ModelTime given = default;
        double so = 0;
        for (int i = 0; i < parts.Length; i++)
        {
            // Where nothing weighs anything, all are alike.
            so += all > 0 ? weights[i] / all : 1.0 / parts.Length;
            ModelTime upToHere = i == parts.Length - 1 ? this : new ModelTime(Processor * so, Gpu * so);
            parts[i] = upToHere - given;
            given = upToHere;
        }
        return parts;
    }
}
