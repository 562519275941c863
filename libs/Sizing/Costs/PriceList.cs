namespace Serverless.Sizing.Costs;

/// <summary>A kind of instance that can be rented.</summary>
/// <param name="Name">As the provider writes it.</param>
/// <param name="Cores">Virtual ones.</param>
/// <param name="Gpu">Null where it has none.</param>
/// <param name="PerHour">In the list's currency, on demand, before taxes and discounts.</param>
public sealed record InstanceKind(string Name, string Cloud, int Cores, double MemoryGiB, string? Gpu, double PerHour);

/// <summary>What instances cost: facts of a day, which whoever decides by them edits.</summary>
/// <param name="Date">When the prices were true.</param>
/// <param name="Source">Where they stand.</param>
public sealed record PriceList(DateOnly Date, string Source, string Currency, IReadOnlyList<InstanceKind> Kinds)
{
    /// <exception cref="SizingInputException">A price, number or name cannot be.</exception>
    public void Check(string place)
    {
        if (Kinds.Count == 0)
        {
            throw new SizingInputException($"{place} has no instance kinds; expected is at least one.");
        }
        foreach (InstanceKind kind in Kinds)
        {
            if (!(double.IsFinite(kind.PerHour) && kind.PerHour > 0))
            {
                throw new SizingInputException($"{place}: {kind.Name} costs {kind.PerHour} an hour; expected is a number above 0.");
            }
            if (kind.Cores <= 0 || !(double.IsFinite(kind.MemoryGiB) && kind.MemoryGiB > 0))
            {
                throw new SizingInputException(
                    $"{place}: {kind.Name} has {kind.Cores} cores and {kind.MemoryGiB} GiB; expected are numbers above 0."
                );
            }
        }
        if (Kinds.GroupBy(kind => kind.Name, StringComparer.Ordinal).FirstOrDefault(same => same.Count() > 1) is { } twice)
        {
            throw new SizingInputException($"{place} has {twice.Key} twice; expected is one price for each name.");
        }
    }
}
