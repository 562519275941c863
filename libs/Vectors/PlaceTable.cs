using System.Runtime.CompilerServices;
using Serverless.Vectors.Rows;

namespace Serverless.Vectors;

/// <summary>
/// Places that are known elsewhere, numbered from 0, by the keys of <see cref="PlaceKey"/>: of each its asset's (0 of a number that names
/// none) and its own. Those of an asset stand side by side; of several such runs the last one counts. Never changes, so which row of an
/// index has which place is looked up once. Thread-safe.
/// </summary>
public sealed class PlaceTable
{
    private readonly ulong[] _assets;
    private readonly ulong[] _places;
    private readonly Dictionary<ulong, int> _firsts = [];
    private readonly ConditionalWeakTable<IRows, PlaceJoin> _joins = [];

    public PlaceTable(ulong[] assets, ulong[] places)
    {
        (_assets, _places) = (assets, places);
        for (int i = 0; i < assets.Length; i++)
        {
            if (assets[i] != 0 && (i == 0 || assets[i] != assets[i - 1]))
            {
                _firsts[assets[i]] = i;
            }
        }
    }

    internal PlaceJoin JoinWith(IRows rows, int count)
    {
        PlaceJoin join = _joins.GetValue(rows, _ => new PlaceJoin(this));
        join.Extend(rows, count);
        return join;
    }

    /// <summary>Where the places of an asset begin; below 0 where there are none.</summary>
    internal int FirstOf(ulong asset) => _firsts.GetValueOrDefault(asset, -1);

    /// <summary>The number of a place; below 0 where the asset has it not, or more than once.</summary>
    internal int FindOnly(int first, ulong place)
    {
        int found = -1;
        for (int i = first; i < _assets.Length && _assets[i] == _assets[first]; i++)
        {
            if (_places[i] != place)
            {
                continue;
            }
            if (found >= 0)
            {
                return -1;
            }
            found = i;
        }
        return found;
    }

    /// <summary>
    /// Whether any number with the place is admitted; of a place that the asset has not, as of passages that another model cut, whether any
    /// place of the asset is.
    /// </summary>
    internal bool Admits(ReadOnlySpan<long> admitted, int first, ulong place)
    {
        (bool isKnown, bool isAny) = (false, false);
        for (int i = first; i < _assets.Length && _assets[i] == _assets[first]; i++)
        {
            bool isAdmitted = (admitted[i >> 6] >> i & 1) != 0;
            if (isAdmitted && _places[i] == place)
            {
                return true;
            }
            isKnown |= _places[i] == place;
            isAny |= isAdmitted;
        }
        return !isKnown && isAny;
    }
}

/// <summary>Which of the places of a table a search may find.</summary>
/// <param name="Bits">One for each number.</param>
public sealed record AdmittedTable(PlaceTable Table, long[] Bits);
